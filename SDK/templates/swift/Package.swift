// swift-tools-version: 6.2
import PackageDescription

// The folder of Heron's distribution, which has PluginKit.
guard let heron = Context.environment["HERON_HOME"] else {
    fatalError("set HERON_HOME to the folder of heron's distribution, or build with make")
}

let package = Package(
    name: "heron-@NAME@",
    products: [.library(name: "heron-@NAME@", type: .dynamic, targets: ["@CLASS@Plugin"])],
    dependencies: [.package(name: "heron-plugin", path: "\(heron)/share/heron/swift")],
    targets: [
        .target(name: "CLinux"),
        .target(
            name: "@CLASS@Plugin",
            dependencies: ["CLinux", .product(name: "PluginKit", package: "heron-plugin")],
            path: "Sources/Plugin",
            // Symbols of two libraries in one process must not meet: only the plugin's entry is exported.
            linkerSettings: [.unsafeFlags(["-Xlinker", "--version-script=\(heron)/share/heron/plugin.map"])]
        ),
    ]
)
