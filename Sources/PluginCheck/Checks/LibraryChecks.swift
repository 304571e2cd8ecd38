import Dispatch
import Glibc
import PluginABI
import PluginHost

extension CheckRun {
    /// Lets the loader find the libraries that are needed, and in them the symbols; nothing of the plugin runs.
    func checkLinking() throws {
        let library = try ELFFile(manifest.libraryPath)
        for name in library.needed { try load(name, library) }
        recorder.begin(.undefinedSymbols)
        let missing = (try library.symbols() ?? []).filter { symbol in
            symbol.isUndefined && !symbol.isWeak && !symbol.name.isEmpty && !isOffered(symbol.name)
        }
        guard !missing.isEmpty else { return }
        let names = missing.prefix(5).map(\.name).joined(separator: ", ") + (missing.count > 5 ? ", …" : "")
        throw Broken(.undefinedSymbols, "no library has \(names)")
    }

    private func load(_ name: String, _ library: ELFFile) throws {
        let folders = library.runPaths.map { path in
            path.split(separator: "$ORIGIN", omittingEmptySubsequences: false).joined(separator: manifest.folder)
                .split(separator: "${ORIGIN}", omittingEmptySubsequences: false).joined(separator: manifest.folder)
        }
        let paths: [String] = folders.map { "\($0)/\(name)" }
        var reason = ""
        for path in paths.filter({ (path: String) in access(path, F_OK) == 0 }) + [name] {
            if recorder.calling("the constructors of \(name)", { dlopen(path, RTLD_LAZY | RTLD_GLOBAL) }) != nil {
                return
            }
            reason = dlerror().map { String(cString: $0) } ?? ""
        }
        throw Broken(.dependencies, "\(name) is missing or cannot be loaded: \(reason)")
    }

    private func isOffered(_ symbol: String) -> Bool {
        dlerror()
        return dlsym(nil, symbol) != nil || dlerror() == nil
    }

    /// Calls the entry for this host and others, and reads what its table says about itself.
    func checkEntry() throws {
        let table = try PluginTable(manifest, recorder)
        if table.abi != manifest.abi {
            recorder.note(.abiVersion, "plugin.yaml states ABI \(manifest.abi), the library \(table.abi)")
        }
        recorder.begin(.nameAndVersion)
        check("name", table.functions.name, manifest.name)
        check("version", table.functions.version, manifest.version)
        recorder.begin(.entry)
        let host = ABIVersion.host
        let others: [(UInt32, UInt32)] = [(host.major, 0), (host.major, 999), (host.major + 1, 0), (0, 0)]
        for (major, minor) in others {
            _ = try PluginTable.ask(table.library, ABIVersion(major: major, minor: minor), recorder)
        }
    }

    private func check(_ field: String, _ text: UnsafePointer<CChar>?, _ expected: String) {
        let limit = 256
        let length = recorder.calling("the \(field) in heron_plugin") { text.map { strnlen($0, limit) } ?? 0 }
        guard let text, length < limit else {
            return recorder.note(.nameAndVersion, "the \(field) has no NUL byte within \(limit) bytes")
        }
        let bytes = UnsafeRawBufferPointer(start: text, count: length)
        guard let actual = String(validating: bytes, as: UTF8.self) else {
            return recorder.note(.nameAndVersion, "the \(field) is not UTF-8")
        }
        if actual != expected {
            recorder.note(.nameAndVersion, "plugin.yaml states the \(field) '\(expected)', the library '\(actual)'")
        }
    }

    /// Asks for the factories of the manifest and for some that nobody has.
    func checkFactories() throws {
        let table = try PluginTable(manifest, recorder)
        recorder.begin(.getFactory)
        for id in ["", "heron", "heron.nothing/1", "heron.scheduler/999", String(repeating: "x", count: 300)] {
            let found = id.lent { id in
                recorder.calling("get_factory") { table.functions.get_factory?(id.data) }
            }
            if found != nil { recorder.note(.getFactory, "get_factory answers to the id '\(id.prefix(40))'") }
        }
        for kind in PluginKind.allCases {
            let names = manifest.classes[kind, default: []]
            guard names.isEmpty else {
                try checkClasses(try Factory(kind, table, recorder), names)
                continue
            }
            recorder.begin(.getFactory)
            if kind.factoryID.lent({ id in table.functions.get_factory?(id.data) }) != nil {
                recorder.note(.getFactory, "get_factory has \(kind.factoryID), but plugin.yaml has no such class")
            }
        }
    }

    private func checkClasses(_ factory: Factory, _ expected: [String]) throws {
        recorder.begin(.classes)
        let function = "\(factory.kind.rawValue) factory's classes"
        let gathered = recorder.calling(function) { Sink.gather(recorder, "classes", factory.classes) }
        guard gathered.isWhole else { return }
        let names = gathered.texts
        for name in names where !ClassName.isValid(name) {
            recorder.note(.classes, "'\(name.prefix(60))' is not the name of a class")
        }
        for name in Set(names).symmetricDifference(expected).sorted() {
            let place =
                names.contains(name) ? "the library but not in plugin.yaml" : "plugin.yaml but not in the library"
            recorder.note(.classes, "the \(factory.kind.rawValue) class \(name.prefix(100)) is in \(place)")
        }
        if Set(names).count < names.count { recorder.note(.classes, "a \(factory.kind.rawValue) class is named twice") }
    }

    /// Reads the operations as the host does.
    func checkOperations() throws {
        do {
            _ = try recorder.calling("the operations' tables") { Result { try PluginOperations.load(manifest) } }.get()
        } catch let error as PluginError {
            throw Broken(.operations, error.message)
        }
    }

    /// Lets init and deinit follow each other.
    func checkInitAndDeinit() throws {
        let table = try PluginTable(manifest, recorder)
        recorder.begin(.initAndDeinit)
        for _ in 0..<3 {
            try initialize(table)
            deinitialize(table)
        }
    }

    /// Calls what is marked [scan] on several threads at once.
    func checkScanThreads() throws {
        let table = try PluginTable(manifest, recorder)
        let factories = try manifest.classes.filter { !$0.value.isEmpty }.keys.map { try Factory($0, table, recorder) }
        recorder.begin(.scanThreads)
        let job = Foreign((table, factories, recorder))
        let threads = try (0..<4).map { _ in try PluginThread() }
        recorder.calling("get_factory and classes on several threads") {
            let group = DispatchGroup()
            for thread in threads {
                group.enter()
                thread.post {
                    let (table, factories, recorder) = job.value
                    for _ in 0..<100 {
                        _ = HERON_SCHEDULER_FACTORY.withCString { table.functions.get_factory?($0) }
                        for factory in factories { _ = Sink.gather(recorder, "classes", factory.classes) }
                    }
                    group.leave()
                }
            }
            group.wait()
        }
        for thread in threads { thread.finish() }
    }
}
