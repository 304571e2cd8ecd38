import PluginABI

/// One launcher of a plugin, for one submission.
///
/// Calls from any task are made one after the other on the instance's own thread. Each throws ``PluginError``.
public final class LauncherInstance: Sendable {
    private let session: PluginSession<heron_launcher>

    /// What the plugin says about itself.
    public var manifest: PluginManifest { session.manifest }

    private init(_ session: PluginSession<heron_launcher>) {
        self.session = session
    }

    /// Loads the plugin, if need be, and makes a launcher of a class.
    public static func create(
        manifest: PluginManifest,
        className: String,
        services: any LauncherServices
    ) async throws -> LauncherInstance {
        LauncherInstance(try await PluginSession.open(manifest, className: className, services: services))
    }

    /// Lets the launcher read its configuration. The first call.
    public func initialize() async throws {
        try await session.call("initialize") { launcher, functions in
            (functions.initialize?(launcher) ?? HERON_UNSUPPORTED, ())
        }
    }

    /// Brings the topology to the place where its scheduler runs, and starts that (`heron.proto.system.PackingPlan`).
    public func launch(_ packingPlan: [UInt8]) async throws {
        try await session.call("launch") { launcher, functions in
            (packingPlan.lent { functions.launch?(launcher, $0) ?? HERON_UNSUPPORTED }, ())
        }
    }

    /// Frees the instance; what was launched goes on. May be called again.
    public func close() async throws {
        try await session.close { launcher, functions in functions.close?(launcher) ?? HERON_OK }
    }
}

extension heron_launcher: PluginObject {
    static let kind = PluginKind.launcher

    static func make(
        _ library: PluginLibrary,
        _ className: String,
        _ host: UnsafePointer<heron_host>
    ) throws -> (heron_status, UnsafeMutablePointer<heron_launcher>?) {
        let (factory, name) = try library.factory(kind, className, as: heron_launcher_factory.self) { $0.classes }
        var launcher: UnsafeMutablePointer<heron_launcher>?
        let status = name.lent { factory.create?(host, $0, &launcher) ?? HERON_UNSUPPORTED }
        return (status, launcher)
    }

    func end(_ instance: UnsafeMutablePointer<heron_launcher>) {
        destroy?(instance)
    }

    var missing: [String] {
        let members: [(String, Bool)] = [
            ("destroy", destroy == nil), ("initialize", initialize == nil), ("launch", launch == nil),
        ]
        return members.filter(\.1).map(\.0)
    }
}
