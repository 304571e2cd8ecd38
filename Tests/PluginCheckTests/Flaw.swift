import Files
import Glibc
import Testing

@testable import PluginCheck

/// A way in which a plugin breaks a rule; the name is that of an `enum flaw` in Fixtures/Plugins/broken, or tells what
/// is done to the plugin's folder.
struct Flaw: Sendable, CustomTestStringConvertible {
    let name: String
    /// Nil if it is none.
    let rule: Rule?
    var flags: [String] = []
    /// What is done to the folder before and after the library is compiled.
    var prepare: @Sendable (PluginFolder) async throws -> Void = { _ in }
    var spoil: @Sendable (PluginFolder) async throws -> Void = { _ in }
    /// How long a call may take.
    var timeLimit = Duration.seconds(30)
    /// The rule that is looked at, if that is not the broken one.
    var asked: Rule?

    var testDescription: String { name }

    /// A flaw of the C code.
    static func code(_ name: String, _ rule: Rule?) -> Flaw {
        Flaw(name: name, rule: rule, flags: ["-DFLAW=\(name)"])
    }

    /// A flaw of the folder, around code that has none.
    static func folder(
        _ name: String,
        _ rule: Rule?,
        _ spoil: @escaping @Sendable (PluginFolder) async throws -> Void
    ) -> Flaw {
        Flaw(name: name, rule: rule, flags: ["-DFLAW=no_flaw"], spoil: spoil)
    }

    /// The same with a manifest that states another ABI.
    func stating(abi: String) -> Flaw {
        var flaw = self
        flaw.spoil = { folder in
            try folder.edit("plugin.yaml") { $0.replacing("abi: \"1.2\"", with: "abi: \"\(abi)\"") }
        }
        return flaw
    }

    func limited(to limit: Duration) -> Flaw {
        var flaw = self
        flaw.timeLimit = limit
        return flaw
    }

    func found(by rule: Rule) -> Flaw {
        var flaw = self
        flaw.asked = rule
        return flaw
    }

    /// The same with a library that throws.
    var throwing: Flaw {
        var flaw = self
        flaw.flags += ["-Wl,--no-as-needed", "-L$FOLDER", "-lthrow", "-Wl,-rpath,$ORIGIN"]
        flaw.prepare = { folder in
            let source = "\(repository)/Tests/Fixtures/Plugins/broken/throw.cc"
            try await folder.compile([source], to: "libthrow.so", ["-fvisibility=default"], by: "c++")
        }
        return flaw
    }

    /// A folder with the plugin in it.
    func build() async throws -> PluginFolder {
        let folder = try PluginFolder()
        let sources = "\(repository)/Tests/Fixtures/Plugins/broken"
        try folder.copy("\(sources)/plugin.yaml", as: "plugin.yaml")
        try await prepare(folder)
        let files = ["broken", "calls", "launcher"].map { "\(sources)/\($0).c" }
        try await folder.compile(
            files,
            to: "libbroken.so",
            ["-std=c11"] + flags.map { $0.replacing("$FOLDER", with: folder.path) }
        )
        try await spoil(folder)
        return folder
    }
}

extension Flaw {
    static let all: [Flaw] = files + libraries + loaded + instances + calls + answers + remains

    private static let files: [Flaw] = [
        .folder("manifest without a name", .manifest) { folder in
            try folder.edit("plugin.yaml") { $0.replacing("name: broken\n", with: "") }
        },
        .folder("manifest that is no YAML", .manifest) { folder in
            try folder.edit("plugin.yaml") { _ in "name: [broken\n" }
        },
        .folder("library in another folder", .manifest) { folder in
            try folder.edit("plugin.yaml") { $0.replacing("libbroken.so", with: "../libbroken.so") }
        },
        .folder("world-writable library", .trust) { chmod("\($0.path)/libbroken.so", 0o777) },
        .folder("world-writable folder", .trust) { chmod($0.path, 0o777) },
        .folder("link out of the folder", .trust) { folder in
            rename("\(folder.path)/libbroken.so", "\(folder.scratch.path)/libbroken.so")
            symlink("\(folder.scratch.path)/libbroken.so", "\(folder.path)/libbroken.so")
        },
        .folder("missing library", .trust) { unlink("\($0.path)/libbroken.so") },
        .folder("wrong checksum", .checksum) { folder in
            try folder.edit("plugin.yaml") { $0 + "sha256: \"\(String(repeating: "0", count: 64))\"\n" }
        },
    ]

    private static let libraries: [Flaw] = [
        .folder("other processor", .architecture) { try $0.overwrite("libbroken.so", at: 18, [8, 0]) },
        .folder("32 bits", .architecture) { try $0.overwrite("libbroken.so", at: 4, [1]) },
        .folder("truncated library", .architecture) { truncate("\($0.path)/libbroken.so", 3000) },
        .folder("no library", .architecture) { try $0.scratch.write("plugin/libbroken.so", "#!/bin/sh\n") },
        Flaw(
            name: "missing dependency",
            rule: .dependencies,
            flags: ["-DFLAW=no_flaw", "-Wl,--no-as-needed", "-L$FOLDER", "-lgone-elsewhere"],
            prepare: { folder in
                try folder.scratch.write("empty.c", "")
                try await folder.compile(["\(folder.scratch.path)/empty.c"], to: "libgone-elsewhere.so", [])
            },
            spoil: { unlink("\($0.path)/libgone-elsewhere.so") }
        ),
        Flaw(name: "undefined symbol", rule: .undefinedSymbols, flags: ["-DFLAW=no_flaw", "-DFLAW_UNDEFINED"]),
        Flaw(name: "exports more", rule: .exports, flags: ["-DFLAW=no_flaw", "-DFLAW_EXPORTS"]),
        Flaw(
            name: "exports nothing",
            rule: .exports,
            flags: ["-DFLAW=no_flaw", "-Wl,--version-script=$FOLDER/nothing.map"],
            prepare: { try $0.scratch.write("plugin/nothing.map", "{ local: *; };\n") }
        ),
    ]

    private static let loaded: [Flaw] = [
        .code("no_flaw", nil),
        .code("crash_in_constructor", .loading),
        .code("null_entry", .entry),
        .code("other_major", .abiVersion),
        .folder("manifest of another ABI", .abiVersion) { folder in
            try folder.edit("plugin.yaml") { $0.replacing("abi: \"1.2\"", with: "abi: \"1.1\"") }
        },
        .code("older_minor", nil).stating(abi: "1.0"),
        .code("newer_minor", nil).stating(abi: "1.9"),
        .code("small_table", .pluginTable),
        .code("huge_table", .pluginTable),
        .code("no_get_factory", .pluginTable),
        .code("name_not_utf8", .nameAndVersion),
        .code("name_without_end", .nameAndVersion),
        .code("other_name", .nameAndVersion),
        .folder("manifest of another version", .nameAndVersion) { folder in
            try folder.edit("plugin.yaml") { $0.replacing("version: \"1.0\"", with: "version: \"1.1\"") }
        },
        .code("any_factory", .getFactory),
        .code("missing_factory", .getFactory),
        .code("small_factory", .factoryTables),
        .code("factory_without_create", .factoryTables),
        .code("other_class", .classes),
        .code("bad_signature", .operations),
        .code("two_equal_operations", .operations),
        .code("crash_in_init", .initAndDeinit),
        .code("init_works_once", .initAndDeinit),
        .code("classes_not_for_threads", .scanThreads),
    ]

    private static let instances: [Flaw] = [
        .code("crash_in_create", .creation),
        .code("no_instance", .creation),
        .code("any_class", .unknownClass),
        .code("huge_instance", .instanceTables),
        .code("no_on_kill", .instanceTables),
        .code("calls_host_in_create", .earlyCalls),
        .code("crash_in_initialize", .goodSettings),
        .code("crash_at_zero", .badSettings),
    ]

    private static let calls: [Flaw] = [
        .code("crash_in_schedule", .goodMessages),
        .code("crash_in_own_thread", .goodMessages),
        .code("hang_in_schedule", .goodMessages).limited(to: .seconds(2)),
        .code("crash_at_no_bytes", .badMessages),
        .code("crash_in_kill_before_schedule", .order),
        .code("restarts_anything", .unknownContainer),
        .code("leaves_directory", .failedLaunch),
        .code("leaves_containers", .endOfContainers),
        .code("mixes_instances_up", .twoInstances),
        .code("crash_after_close", .fuzzing),
    ]

    private static let answers: [Flaw] = [
        .code("unknown_status", .statusCodes),
        .code("negative_status", .statusCodes),
        .code("fails_silently", .reports),
        .code("report_not_utf8", .texts),
        .code("report_of_two_lines", .texts),
        .code("log_of_negative_length", .texts),
        .code("puts_late", .lateItems),
        .code("puts_on_thread", .itemThread),
        .code("puts_negative_length", .items),
        .code("puts_null", .items),
        .code("class_of_negative_length", .items).found(by: .classes),
        .code("status_not_json", .statusJSON),
        .code("status_no_object", .statusJSON),
        .code("status_twice", .statusJSON),
        .code("link_is_none", .links),
        .code("any_extension", .extensions),
        .code("reports_strange_state", .acceptance),
        .code("wrong_metric", .acceptance),
        .code("unwatches_on_thread", .hostThreads),
    ]

    private static let remains: [Flaw] = [
        .code("calls_after_destroy", .afterDestroy),
        .code("leaks_memory", .memory),
        .code("leaks_descriptors", .descriptors),
        .code("leaks_threads", .threads),
        .code("catches_signals", .processState),
        .code("changes_directory", .processState),
        .code("changes_environment", .processState),
        .code("changes_umask", .processState),
        .code("changes_locale", .processState),
        .code("exit_in_kill", .exits),
        .code("exit_in_init", .exits).found(by: .initAndDeinit),
        .code("throw_in_kill", .unwinding).throwing,
        .code("prints", .standardOutput),
    ]
}
