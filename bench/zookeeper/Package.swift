// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, so that no build of the product builds the benchmarks.
let package = Package(
    name: "ZooKeeperBenchmarks",
    dependencies: [.package(path: "../../State")],
    targets: [
        .executableTarget(
            name: "zookeeper-bench",
            dependencies: [.product(name: "HeronState", package: "State")],
            swiftSettings: [
                .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .treatAllWarnings(as: .error),
            ]
        ),
        // The C client by itself, for comparison.
        .executableTarget(name: "raw-calls", linkerSettings: [.linkedLibrary("zookeeper_mt")]),
    ]
)
