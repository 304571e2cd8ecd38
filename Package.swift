// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]
let c: [CSetting] = [.treatAllWarnings(as: .error)]

// Products of other packages.
let model: Target.Dependency = .product(name: "HeronState", package: "State")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")

/// A Swift plugin exports its entry and nothing else.
let pluginLinking: [LinkerSetting] = [
    .unsafeFlags(["-Xlinker", "--version-script=\(Context.packageDirectory)/Plugins/plugin.map"])
]

/// Checksums and simulations are too slow without: tests run debug builds.
let optimized: [SwiftSetting] = swift + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// The way of a tuple, where looking for overlapping accesses to a class's property, at run time, would take a tenth of
/// the time. Debug builds, and so the tests, do look.
let hotPath: [SwiftSetting] =
    swift + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

func library(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    path: String? = nil,
    settings: [SwiftSetting] = swift
) -> Target {
    .target(name: name, dependencies: dependencies, path: path ?? "Sources/\(name)", swiftSettings: settings)
}

func executable(
    _ name: String,
    _ dependencies: [Target.Dependency],
    path: String,
    linking: [LinkerSetting] = []
) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        path: path,
        swiftSettings: swift,
        linkerSettings: linking
    )
}

func tests(
    _ name: String,
    _ dependencies: [Target.Dependency],
    exclude: [String] = [],
    settings: [SwiftSetting] = swift
) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies,
        path: "Tests/\(name)",
        exclude: exclude,
        swiftSettings: settings
    )
}

let plugins: [Target] = [
    .systemLibrary(name: "PluginABI", path: "Sources/PluginABI"),
    library("PluginKit", ["PluginABI"]),
    .target(name: "CPluginHost", path: "Sources/CPluginHost", cSettings: c),
    .systemLibrary(name: "CFFI", path: "Sources/CFFI", pkgConfig: "libffi", providers: [.apt(["libffi-dev"])]),
    library("PluginHost", ["CFFI", "CPluginHost", "Files", "HeronJSON", "HeronYAML", "PluginABI", model]),
    library("PluginCheck", ["Files", "HeronJSON", "PluginABI", "PluginHost", "Processes", model]),
    library("PluginTemplates", ["Files", "PluginABI", "PluginHost"]),
    library("PluginSupport", ["Files", "PluginKit", model], path: "Plugins/Support"),
    library(
        "LocalScheduling",
        ["Files", "PluginABI", "PluginKit", "PluginSupport", "Processes", model],
        path: "Plugins/Local/Sources/LocalScheduling"
    ),
    .target(
        name: "LocalPlugin",
        dependencies: ["LocalScheduling", "PluginKit", "PluginABI"],
        path: "Plugins/Local/Sources/LocalPlugin",
        swiftSettings: swift,
        linkerSettings: pluginLinking
    ),
    library("MesosProtocol", [model], path: "Plugins/Mesos/Sources/MesosProtocol"),
    library(
        "MesosAPI",
        ["CCurl", "MesosProtocol", model],
        path: "Plugins/Mesos/Sources/MesosAPI"
    ),
    library(
        "MesosFramework",
        ["MesosProtocol", model],
        path: "Plugins/Mesos/Sources/MesosFramework",
        settings: optimized
    ),
    library(
        "MesosScheduling",
        [
            "Files", "MesosAPI", "MesosFramework", "MesosProtocol", "PluginABI", "PluginKit", "PluginSupport",
            "Processes", model,
        ],
        path: "Plugins/Mesos/Sources/MesosScheduling"
    ),
    .target(
        name: "MesosPlugin",
        dependencies: ["MesosScheduling", "PluginKit", "PluginABI"],
        path: "Plugins/Mesos/Sources/MesosPlugin",
        swiftSettings: swift,
        linkerSettings: pluginLinking
    ),
]

/// The development cluster: a stand-in for Mesos on one machine.
let developmentCluster: [Target] = [
    library(
        "MesosDevAgent",
        ["Files", "HTTPClient", "MesosProtocol", "PackageFiles", "Processes", model, logging],
        path: "Sources/MesosDev/Agent"
    ),
    library(
        "MesosDevMaster",
        ["Files", "MesosDevAgent", "MesosProtocol", model, hummingbird, logging],
        path: "Sources/MesosDev/Master"
    ),
    executable(
        "heron-mesos-dev",
        ["Files", "HeronLogging", "MesosDevAgent", "MesosDevMaster", model, arguments, hummingbird, logging],
        path: "Sources/MesosDev/Command"
    ),
]

let host: [Target] = [
    .systemLibrary(name: "CYAML", path: "Sources/CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    library("HeronYAML", ["CYAML"]),
    library("HeronConfig", ["Files", "HeronYAML"]),
    library("HeronLogging", [logging]),
    library("StateLogging", [model, logging]),
    library("ExecutorCommand", ["HeronConfig", model]),
    library("Packing", [model]),
    library("Files", settings: optimized),
    library("HeronJSON"),
    .systemLibrary(name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    library("PackageFiles", ["CZlib", "Files"]),
    library("Uploading", ["Files", "HTTPClient"]),
    .target(name: "CProcess", path: "Sources/CProcess", cSettings: c),
    library("Processes", ["CProcess"]),
    .target(name: "CCurl", path: "Sources/CCurl", cSettings: c),
    library("HTTPClient", ["CCurl", "Processes"]),
    library(
        "TopologyControl",
        [
            "HTTPClient", "HeronConfig", "HeronJSON", "HeronYAML", "PluginHost", "SchedulerCore", "StateInspection",
            "Uploading", model, logging,
        ]
    ),
    library("StateInspection", ["HeronConfig", "HeronJSON", model]),
    library(
        "Submission",
        [
            "Files", "HeronConfig", "HeronYAML", "PackageFiles", "Packing", "PluginHost", "Processes", "SchedulerCore",
            "TopologyControl", "Uploading", model, logging,
        ]
    ),
    library(
        "SchedulerCore",
        [
            "ExecutorCommand", "Files", "HeronConfig", "HeronJSON", "HeronYAML", "PluginHost", "Processes",
            "StateLogging", model, logging,
        ]
    ),
    executable(
        "heron-scheduler",
        [
            "SchedulerCore", "HeronConfig", "HeronLogging", "Listening", "PluginHost", "Processes", model, hummingbird,
            arguments, logging,
        ],
        path: "Sources/SchedulerService",
        // All that Hummingbird uses of Foundation, for forms, which nobody sends here. Without it scripts/dist.sh leaves
        // Foundation and ICU out: 8 MB of each service's memory.
        linking: [.unsafeFlags(["-Xlinker", "--defsym=$s10Foundation13DateFormatterCMn=0"])]
    ),
    executable(
        "heron",
        [
            "Files", "HeronConfig", "HeronJSON", "HeronLogging", "HeronYAML", "Packing", "PluginCheck", "PluginHost",
            "PluginTemplates", "Processes", "SchedulerCore", "StateInspection", "Submission", "TopologyControl", model,
            arguments, logging,
        ],
        path: "Sources/Host"
    ),
]

let benchmarks: [Target] = [
    executable("bench-plugins", ["PluginABI", "PluginHost"], path: "bench/plugins/Sources")
]

let runtime: [Target] = [
    library("Listening", nio),
    library("HeronWire", nio + ["Listening", model], path: "Sources/Runtime/HeronWire", settings: hotPath),
    library("RuntimeConfig", ["HeronYAML"], path: "Sources/Runtime/RuntimeConfig"),
    library(
        "RuntimeProcess",
        nio + ["Processes", arguments, logging],
        path: "Sources/Runtime/RuntimeProcess"
    ),
    library(
        "ManagerCommand",
        ["RuntimeConfig", "StateLogging", model, arguments, logging],
        path: "Sources/Runtime/ManagerCommand"
    ),
    library("RuntimeHTTP", nio + ["Listening", nioHTTP], path: "Sources/Runtime/RuntimeHTTP"),
    library(
        "ExecutorCore",
        ["HeronYAML", "Processes", "RuntimeConfig", model, arguments, logging],
        path: "Sources/Runtime/ExecutorCore"
    ),
    executable(
        "heron-executor",
        ["ExecutorCore", "HeronLogging", "Processes", "RuntimeConfig", "StateLogging", model, arguments, logging],
        path: "Sources/Runtime/Executor"
    ),
    library(
        "StreamManagerCore",
        nio + ["HeronWire", "RuntimeConfig", model, logging],
        path: "Sources/Runtime/StreamManagerCore",
        settings: hotPath
    ),
    executable(
        "heron-stmgr",
        [
            "Files", "HeronLogging", "ManagerCommand", "Processes", "RuntimeConfig", "RuntimeProcess",
            "StreamManagerCore", model, arguments, logging,
        ],
        path: "Sources/Runtime/StreamManager"
    ),
    library(
        "TopologyManagerCore",
        nio + ["HeronWire", "RuntimeConfig", "RuntimeHTTP", model, logging],
        path: "Sources/Runtime/TopologyManagerCore"
    ),
    executable(
        "heron-tmanager",
        ["HeronLogging", "ManagerCommand", "Processes", "RuntimeProcess", "TopologyManagerCore", arguments, logging],
        path: "Sources/Runtime/TopologyManager"
    ),
    library("ShellCore", ["RuntimeHTTP", "Processes", logging], path: "Sources/Runtime/ShellCore"),
    executable(
        "heron-shell",
        nio + ["ShellCore", "HeronLogging", "RuntimeProcess", arguments],
        path: "Sources/Runtime/Shell"
    ),
]

let testTargets: [Target] = [
    library("HTTPTesting", nio, path: "Tests/HTTPTesting"),
    library("StateTesting", [model], path: "Tests/StateTesting"),
    library("ZooKeeperTesting", ["Processes"], path: "Tests/ZooKeeperTesting"),
    tests("HeronYAMLTests", ["HeronYAML"]),
    tests("HeronConfigTests", ["HeronConfig", "ExecutorCommand", "Files", "RuntimeConfig", "HeronLogging", logging]),
    tests("PackingTests", ["Packing", model]),
    tests("PackageFilesTests", nio + ["Files", "PackageFiles", "Processes", "Uploading"]),
    tests(
        "PluginHostTests",
        [
            "Files", "HeronJSON", "HeronYAML", "LocalScheduling", "PluginABI", "PluginHost", "PluginSupport",
            "Processes", "ZooKeeperTesting", model,
        ]
    ),
    tests(
        "PluginCheckTests",
        ["Files", "HTTPTesting", "HeronJSON", "PluginCheck", "PluginHost", "PluginTemplates", "Processes", model]
    ),
    tests("ProcessesTests", ["Processes"]),
    tests("HTTPClientTests", ["HTTPClient", "HTTPTesting"]),
    tests("StateInspectionTests", ["HeronConfig", "StateInspection", "TopologyControl", model]),
    tests(
        "SchedulerCoreTests",
        nio + [
            "Files", "HTTPTesting", "HeronConfig", "HeronJSON", "heron-scheduler", "PluginHost", "Processes",
            "SchedulerCore", "StateTesting", model, hummingbird, logging,
        ]
    ),
    tests("SubmissionTests", ["Submission", "Files", "HeronConfig", "PackageFiles", "Processes", "Uploading", model]),
    tests("HeronWireTests", nio + ["HTTPTesting", "HeronWire", "RuntimeConfig", "RuntimeHTTP"]),
    tests(
        "ExecutorTests",
        [
            "ExecutorCore", "heron-executor", "Processes", "StateTesting", "ZooKeeperTesting", model, arguments,
            logging,
        ]
    ),
    tests("ShellTests", nio + ["HTTPTesting", "ShellCore", "RuntimeHTTP", "Processes", logging]),
    tests(
        "StreamManagerTests",
        nio + ["HTTPTesting", "HeronWire", "StreamManagerCore", "RuntimeConfig", model, logging]
    ),
    tests(
        "TopologyManagerTests",
        nio + ["HTTPTesting", "StateTesting", "TopologyManagerCore", "HeronWire", "RuntimeConfig", model, logging]
    ),
    tests(
        "MesosAPITests",
        nio + ["Files", "HTTPTesting", "MesosAPI", "MesosProtocol", "Processes", "ZooKeeperTesting", model]
    ),
    tests("MesosFrameworkTests", ["MesosFramework", "MesosProtocol"], settings: optimized),
    tests(
        "MesosSchedulingTests",
        ["Files", "HeronYAML", "MesosAPI", "MesosFramework", "MesosProtocol", "MesosScheduling", "PluginKit"]
    ),
    tests(
        "MesosDevTests",
        nio + ["Files", "MesosDevAgent", "MesosDevMaster", "MesosProtocol", "Processes", model, logging],
        exclude: ["Clients"]
    ),
    tests(
        "IntegrationTests",
        ["HTTPClient", "HTTPTesting", "Processes", "ZooKeeperTesting", model],
        exclude: ["BrokenTopologies", "Scripts", "Topologies"]
    ),
]

/// Programs of libFuzzer's, see Fuzz/README.md. Not there unless they are asked for: they have no `main` of their own.
let fuzzers: [Target] =
    Context.environment["HERON_FUZZ"] == nil
    ? []
    : [
        library("FuzzSupport", path: "Fuzz/Support"),
        fuzzer("Framing", nio + ["HeronWire"]),
        fuzzer("TupleSet", nio + ["HeronWire", "StreamManagerCore", model]),
        fuzzer("Manifest", ["FuzzSupport", "PluginHost"]),
        fuzzer("Library", ["FuzzSupport", "PluginHost"]),
        fuzzer("Package", ["Files", "FuzzSupport", "PackageFiles"]),
        fuzzer("Overrides", ["HeronConfig", "HeronYAML"]),
        fuzzer("StateNodes", ["Packing", "StreamManagerCore", model]),
    ]

func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: "Fuzz\(name)",
        dependencies: dependencies,
        path: "Fuzz/\(name)",
        exclude: ["corpus"],
        swiftSettings: swift + [.unsafeFlags(["-parse-as-library"])]
    )
}

let package = Package(
    name: "heron",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "heron", targets: ["heron"]),
        .executable(name: "heron-scheduler", targets: ["heron-scheduler"]),
        .executable(name: "heron-executor", targets: ["heron-executor"]),
        .executable(name: "heron-shell", targets: ["heron-shell"]),
        .executable(name: "heron-stmgr", targets: ["heron-stmgr"]),
        .executable(name: "heron-tmanager", targets: ["heron-tmanager"]),
        .executable(name: "heron-mesos-dev", targets: ["heron-mesos-dev"]),
        .library(name: "heron-local", type: .dynamic, targets: ["LocalPlugin"]),
        .library(name: "heron-mesos", type: .dynamic, targets: ["MesosPlugin"]),
    ],
    dependencies: [
        .package(path: "State"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    ],
    targets: plugins + developmentCluster + host + runtime + benchmarks + testTargets + fuzzers
)
