import MesosProtocol

/// The fault switches, as JSON: `{"fault": NAME, …}`.
extension DevMaster {
    /// What is wrong with a fault that is asked for.
    struct FaultError: Error, Sendable, CustomStringConvertible {
        let description: String
    }

    /// Makes a fault happen, or lets it wait for what it is to happen to.
    func inject(_ fault: JSONValue) throws(FaultError) {
        guard let name = fault["fault"]?.string else { throw FaultError(description: "'fault' names no fault") }
        log.info("fault: \(fault.text)")
        switch name {
        case "clear": clearFaults()
        case "cut-streams": cutStreams(of: fault["framework"]?.string)
        case "end-streams", "garbage-record", "truncated-record", "oversized-record": try breakStreams(name, fault)
        case "stop-heartbeats": faults.stopsHeartbeats = true
        case "resume-heartbeats": faults.stopsHeartbeats = false
        case "answer", "delay-answer", "cut-call": try addCallFault(name, fault)
        case "rescind-offers": change { $0.rescindOffers { _ in true } }
        case "expire-offers": change { core in core.frameworkOrder.forEach { core.discardOffers(of: $0) } }
        case "duplicate-updates": faults.duplicatedUpdates = try count(fault)
        case "drop-updates": faults.droppedUpdates = try count(fault)
        case "reorder-updates": faults.reorderedUpdates = try count(fault)
        case "agent": try changeAgent(fault)
        case "restart-master": try restartMaster(fault)
        case "teardown": try tearDown(fault)
        case "silence-reconciliation": change { $0.answersReconciliation = fault["on"]?.bool == false }
        default: throw FaultError(description: "there is no fault '\(name)'")
        }
    }

    private func clearFaults() {
        releaseUpdates()
        faults = FaultPlan()
        change { $0.answersReconciliation = true }
    }

    private func breakStreams(_ name: String, _ fault: JSONValue) throws(FaultError) {
        let length = try number(fault, "length", default: 1e12)
        for stream in streams(of: fault["framework"]?.string) {
            switch name {
            case "garbage-record": stream.sendRaw(Array("garbage\n{".utf8))
            case "oversized-record": stream.sendRaw(Array("\(UInt64(length))\n".utf8))
            case "truncated-record":
                stream.sendRaw(Array("1000\n{\"type\":".utf8))
                stream.cut()
                closed(stream)
            default:
                stream.end()
                closed(stream)
            }
        }
    }

    private func addCallFault(_ name: String, _ fault: JSONValue) throws(FaultError) {
        let effect: FaultPlan.Effect
        switch name {
        case "answer":
            let status = try number(fault, "status", default: 0)
            guard (200...599).contains(status) else { throw FaultError(description: "'status' is no HTTP status") }
            effect = .status(Int(status), location: fault["location"]?.string)
        case "delay-answer": effect = .delay(seconds: try number(fault, "seconds", default: 1))
        default:
            switch fault["when"]?.string {
            case "before": effect = .cutBefore
            case "after": effect = .cutAfter
            default: throw FaultError(description: "'when' is neither \"before\" nor \"after\"")
            }
        }
        let call = fault["call"]?.string ?? "*"
        faults.calls.append(FaultPlan.CallFault(call: call, effect: effect, remaining: try count(fault)))
    }

    private func changeAgent(_ fault: JSONValue) throws(FaultError) {
        let id = try agent(fault["agent"]?.string ?? "")
        switch fault["do"]?.string {
        case "disconnect": change { $0.disconnect(agent: id) }
        case "unreachable": change { $0.markUnreachable(agent: id) }
        case "crash": crash(agent: id)
        case "unregister": change { $0.unregister(agent: id) }
        case "gone": _ = change { $0.markGone(agent: id) }
        case "return":
            guard bringBack(agent: id) else {
                throw FaultError(description: "agent \(id) cannot come back: it is connected, or marked gone")
            }
        default:
            throw FaultError(
                description: "'do' is not one of disconnect, unreachable, crash, unregister, gone, return"
            )
        }
    }

    /// The id of an agent named by its id, its last part as in `S0`, or its host name.
    private func agent(_ name: String) throws(FaultError) -> String {
        let found = agentInfos.first { info in
            info.id.value == name || info.id.value.hasSuffix("-" + name) || info.hostname == name
        }
        guard let found, !name.isEmpty else { throw FaultError(description: "there is no agent '\(name)'") }
        return found.id.value
    }

    private func restartMaster(_ fault: JSONValue) throws(FaultError) {
        let keepsRegistry: Bool
        switch fault["registry"]?.string ?? "kept" {
        case "kept": keepsRegistry = true
        case "lost": keepsRegistry = false
        default: throw FaultError(description: "'registry' is neither \"kept\" nor \"lost\"")
        }
        restart(
            MasterRestart(
                keepsRegistry: keepsRegistry,
                down: try number(fault, "down", default: 0),
                recovering: try number(fault, "recovering", default: 0),
                agents: try number(fault, "agents", default: 0)
            )
        )
    }

    private func tearDown(_ fault: JSONValue) throws(FaultError) {
        let id = fault["framework"]?.string ?? ""
        guard core.frameworks[id] != nil else { throw FaultError(description: "there is no framework '\(id)'") }
        change { $0.tearDown(id) }
    }

    private func count(_ fault: JSONValue) throws(FaultError) -> Int {
        Int(try number(fault, "count", default: 1))
    }

    private func number(_ fault: JSONValue, _ name: String, default value: Double) throws(FaultError) -> Double {
        guard let member = fault[name] else { return value }
        guard let number = member.number, number >= 0, number <= 1e15 else {
            throw FaultError(description: "'\(name)' is not a number from 0 on")
        }
        return number
    }
}
