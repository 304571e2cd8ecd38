// swift-tools-version: 6.2
// PluginKit: what a plugin for Heron that is written in Swift needs.
import PackageDescription

let package = Package(
    name: "heron-plugin",
    products: [.library(name: "PluginKit", type: .static, targets: ["PluginKit"])],
    targets: [
        .systemLibrary(name: "PluginABI"),
        .target(name: "PluginKit", dependencies: ["PluginABI"]),
    ]
)
