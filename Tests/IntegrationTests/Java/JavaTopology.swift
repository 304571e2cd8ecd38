import Processes
import Testing

/// A topology of a jar, submitted by a user.
struct JavaTopology: SubmittedTopology {
    let user: User
    let name: String
    let cluster: String
    let clusterOptions: [String]
    /// The component whose log tells that tuples arrive, and what its lines then hold.
    let component: String
    let text: String

    /// The distribution's examples: every one under both of Heron's package names, with the API of each.
    static func examples() throws -> String { try #require(Installation.home) + "/heron/examples/heron-examples.jar" }

    /// Submits it and waits until it runs.
    static func submit(
        _ user: User,
        file: String? = nil,
        _ className: String,
        component: String = "exclaim1",
        text: String = "!!!",
        cluster: String = "local",
        clusterOptions: [String] = []
    ) async throws -> JavaTopology {
        let name = "Exclaim"
        let result = try await user.run(["submit", cluster, file ?? examples(), className, name] + clusterOptions)
        try #require(result.status.isSuccess, "\(result)")
        return JavaTopology(
            user: user,
            name: name,
            cluster: cluster,
            clusterOptions: clusterOptions,
            component: component,
            text: text
        )
    }

    /// How many such lines the component's instances have logged, wherever their sandboxes are.
    func progress() async throws -> Int {
        var count = 0
        for file in try await user.files(below: ".", named: "container_*_\(component)_*.log.0") {
            let log = String(decoding: user.contents("\(user.home)/\(file)"), as: UTF8.self)
            count += log.split(separator: "\n").count { $0.contains(text) }
        }
        return count
    }

    /// The processes of a component's instances.
    func instances(of component: String) -> [Int32] {
        user.processes("HeronInstance").filter(Set(user.processes("-component_name \(component) ")).contains)
    }
}
