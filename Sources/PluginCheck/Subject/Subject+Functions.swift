import FoundationEssentials
import HeronJSON
import PluginABI
import PluginHost

extension Subject {
    /// The functions that are given a message of Heron's, by their names in the headers.
    var messageFunctions: [String] {
        switch functions {
        case .scheduler(_, let table):
            ["on_schedule", "on_restart"] + (table.on_update == nil ? [] : ["on_update"]) + ["on_kill"]
        case .launcher: ["launch"]
        }
    }

    /// Calls one of the functions that are given a message.
    @discardableResult
    func send(_ function: String, _ message: [UInt8]) -> Outcome {
        call(function) {
            message.lent { bytes in
                switch functions {
                case .scheduler(let scheduler, let table):
                    switch function {
                    case "on_schedule": table.on_schedule?(scheduler, bytes) ?? HERON_UNSUPPORTED
                    case "on_restart": table.on_restart?(scheduler, bytes) ?? HERON_UNSUPPORTED
                    case "on_update": table.on_update?(scheduler, bytes) ?? HERON_UNSUPPORTED
                    default: table.on_kill?(scheduler, bytes) ?? HERON_UNSUPPORTED
                    }
                case .launcher(let launcher, let table):
                    table.launch?(launcher, bytes) ?? HERON_UNSUPPORTED
                }
            }
        }
    }

    /// Asks for everything that an instance can tell about itself, and looks at the answers.
    func look() {
        lookAtExtensions()
        guard case .scheduler(let scheduler, let table) = functions else { return }
        if let links = table.get_job_links {
            lookAtLinks(gather("get_job_links") { links(scheduler, $0) })
        }
        guard let status = status?.get_status else { return }
        lookAtStatus(gather("get_status") { status(scheduler, $0) })
    }

    private func gather(_ function: String, _ body: (heron_sink) -> heron_status) -> (Outcome, [String]) {
        var texts: [String] = []
        let outcome = call(function) {
            let gathered = Sink.gather(host.recorder, function, body)
            texts = gathered.texts
            return gathered.result
        }
        return (outcome, texts)
    }

    private func lookAtLinks(_ answer: (outcome: Outcome, links: [String])) {
        for link in answer.links where !link.contains("://") || link.contains(where: \.isWhitespace) {
            host.recorder.note(.links, "'\(link)' is no link")
        }
    }

    private func lookAtStatus(_ answer: (outcome: Outcome, texts: [String])) {
        let recorder = host.recorder
        guard answer.texts.count <= 1 else {
            return recorder.note(.statusJSON, "get_status puts \(answer.texts.count) items")
        }
        guard let text = answer.texts.first else { return }
        do {
            guard case .object = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else {
                return recorder.note(.statusJSON, "get_status puts JSON, but no object: '\(text)'")
            }
        } catch {
            recorder.note(.statusJSON, "get_status puts what is not JSON: '\(text)'")
        }
    }

    private func lookAtExtensions() {
        for id in ["", "heron.nothing/1", "heron.status/2", String(repeating: "x", count: 300)] {
            if getExtension(id) != nil {
                host.recorder.note(.extensions, "\(kind.rawValue).get_extension has '\(id.prefix(40))'")
            }
        }
        if let status, !(16...64 << 10).contains(status.size) {
            host.recorder.note(.extensions, "heron_scheduler_status states a size of \(status.size) bytes")
        }
    }

    /// The table of `heron.status/1`, if the instance has it.
    private var status: heron_scheduler_status? {
        guard kind == .scheduler, let table = getExtension(HERON_SCHEDULER_STATUS) else { return nil }
        return ABITable.copy(table.assumingMemoryBound(to: heron_scheduler_status.self))
    }

    private func getExtension(_ id: String) -> UnsafeRawPointer? {
        host.lane.perform(for: host) {
            host.recorder.calling("\(kind.rawValue).get_extension") {
                id.lent { id in
                    switch functions {
                    case .scheduler(let scheduler, let table): table.get_extension?(scheduler, id.data)
                    case .launcher(let launcher, let table): table.get_extension?(launcher, id.data)
                    }
                }
            }
        }
    }
}
