import ArgumentParser
import HeronConfig

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Shows a cluster's effective configuration, and keeps the user's own properties for it.",
        discussion: """
            'show' tells where each value came from. The one property that a user can keep is service_url.

            Examples:
              heron config local show
              heron config mesos/ads/prod show --output json
              heron config local list
              heron config local unset service_url
            """
    )

    /// What to do; Heron's client puts it behind the cluster.
    enum Action: String, ExpressibleByArgument, CaseIterable {
        case list, set, unset, show
    }

    @Argument(help: ArgumentHelp("The cluster; for show also cluster/[role]/[env].", valueName: "cluster"))
    var cluster: String
    @Argument(help: "What to do.") var action: Action = .list
    @Argument(help: "The property to set or unset.") var property: String?
    @Argument(help: "Its value.") var value: String?
    @OptionGroup var options: ClusterOptions
    @Option(help: "For show: how to print it.") var output: OutputFormat = .text

    func validate() throws {
        let given: Int = [property, value].count { $0 != nil }
        let wanted: Int = [Action.set: 2, .unset: 1][action] ?? 0
        guard given == wanted else {
            throw ValidationError("config \(action.rawValue) takes \(wanted) argument(s) behind it, not \(given)")
        }
    }

    func run() throws {
        if action == .show { return try show() }
        _ = try Installation.current()
        let address = try TopologyAddress(parsing: cluster)
        let settings = ClientSettings(cluster: address.cluster, environment: try .current())
        switch (action, property, value) {
        case (.set, let property?, let value?):
            try settings.set(property, value)
            print("Updated property [\(property)] for cluster \(address.cluster)")
        case (.unset, let property?, _):
            try settings.unset(property)
            print("Cleared property [\(property)] for cluster \(address.cluster)")
        default:
            let properties = try settings.list()
            if properties.isEmpty { print("No config for cluster \(address.cluster)") }
            for (property, value) in properties { print("\(property) = \(value)") }
        }
    }

    private func show() throws {
        let rows: [ConfigReport.Row] = ConfigReport.rows(try ClusterCommand(cluster, options).layers().local())
        if output == .json {
            return try JSONOutput.write(rows.map { ["key": $0.key, "value": $0.value, "origin": $0.origin] })
        }
        var table = TextTable("KEY", "FROM", "VALUE")
        for row in rows { table.add(row.key, row.origin, row.value) }
        print(table.text)
    }
}
