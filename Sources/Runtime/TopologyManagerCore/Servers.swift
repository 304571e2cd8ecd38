import HeronModel
import Logging
import NIOCore
import RuntimeConfig
import RuntimeHTTP

/// The three open ports of a topology manager.
struct Servers {
    let serverPort: Int
    private let controller: HTTPServer
    private let statistics: HTTPServer

    /// Opens all ports, or none.
    static func open(
        _ manager: TopologyManager,
        _ topology: Topology,
        _ options: TopologyManagerOptions,
        _ settings: TopologyManagerSettings,
        _ group: any EventLoopGroup,
        _ log: Logger
    ) async throws -> Servers {
        let controller = Controller(manager: manager, topologyID: topology.id)
        var controllerSettings = HTTPServerSettings(host: "0.0.0.0", port: options.controllerPort)
        controllerSettings.maxBodyBytes = settings.maximumControllerRequestSize
        controllerSettings.onAcceptFailure = { log.error("\($0)") }
        let components = topology.spouts.map(\.comp.name) + topology.bolts.map(\.comp.name)
        let statistics = Statistics(manager: manager, components: Set(components))
        let statsHost = settings.statsOnAllInterfaces ? "0.0.0.0" : options.host
        var statsSettings = HTTPServerSettings(host: statsHost, port: options.statsPort)
        statsSettings.maxBodyBytes = settings.maximumStatsRequestSize
        statsSettings.onAcceptFailure = { log.error("\($0)") }

        let controllerServer = try await HTTPServer.start(controllerSettings, group: group, handler: controller.handle)
        do {
            let statsServer = try await HTTPServer.start(statsSettings, group: group, handler: statistics.handle)
            do {
                let port = try await manager.listen(
                    port: options.serverPort,
                    maximumPacketSize: settings.maximumPacketSize
                )
                return Servers(serverPort: port, controller: controllerServer, statistics: statsServer)
            } catch {
                await manager.close()
                await statsServer.stop()
                throw error
            }
        } catch {
            await controllerServer.stop()
            throw error
        }
    }

    /// Where others find the manager.
    func location(_ options: TopologyManagerOptions) -> TManagerLocation {
        var location = TManagerLocation()
        location.topologyName = options.topologyName
        location.topologyID = options.topologyID
        location.host = options.host
        location.serverPort = Int32(serverPort)
        location.controllerPort = Int32(controller.port)
        location.statsPort = Int32(statistics.port)
        return location
    }

    /// Lets callers of the controller get their answers, then closes all ports and connections.
    func close(_ manager: TopologyManager) async {
        await controller.stop()
        await statistics.stop()
        await manager.close()
    }
}
