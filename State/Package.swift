// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

/// A package of its own, because a dynamic product of another package is linked, not copied, into every executable and
/// every plugin: one copy of the state library, and of the messages it speaks, in each process.
let package = Package(
    name: "State",
    products: [
        .library(name: "HeronState", type: .dynamic, targets: ["HeronState", "HeronModel", "ZooKeeperClient"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: [])
    ],
    targets: [
        .target(
            name: "HeronModel",
            dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
            swiftSettings: settings
        ),
        .target(name: "CStateFiles"),
        .systemLibrary(name: "CZooKeeper", providers: [.apt(["libzookeeper-mt-dev"])]),
        .target(name: "ZooKeeperClient", dependencies: ["CZooKeeper"], swiftSettings: settings),
        .target(
            name: "HeronState",
            dependencies: ["HeronModel", "CStateFiles", "ZooKeeperClient"],
            swiftSettings: settings
        ),
        // What tests run as other processes.
        .executableTarget(
            name: "state-probe",
            dependencies: ["HeronState", "HeronModel"],
            path: "Tests/StateProbe",
            swiftSettings: settings
        ),
        .testTarget(
            name: "HeronStateTests",
            dependencies: ["CZooKeeper", "HeronState", "HeronModel", "ZooKeeperClient", "state-probe"],
            swiftSettings: settings
        ),
    ]
)
