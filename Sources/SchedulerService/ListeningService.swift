import Hummingbird
import NIOCore
import SchedulerCore
import ServiceLifecycle

/// An HTTP server that says what to do where it cannot listen.
struct ListeningService<Application: ApplicationProtocol>: Service {
    let application: Application
    let address: ServiceAddress

    func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            throw SchedulingError(
                "the scheduler service cannot listen on \(address.bind), port \(address.port): \(error)",
                hint: "set heron.scheduler.http.address or heron.scheduler.http.port, or end what uses that port"
            )
        }
    }
}
