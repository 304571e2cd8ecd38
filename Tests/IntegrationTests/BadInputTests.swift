import Testing

/// Addresses and topologies that there are not.
@Suite(.enabled(if: Installation.home != nil, "\(Installation.missing)"))
struct BadInputTests {
    @Test(arguments: [
        ("", "the cluster is missing"), ("/role", "the cluster is missing"),
        ("local/a/b/c", "expected cluster/[role]/[environ]"), ("..", "the cluster must not begin with '.'"),
        ("local/../x", "the role must not begin with '.'"), ("local/a b", "the role may have letters"),
        ("local//a,b", "the environ may have letters"), ("local/a\nb", "the role may have letters"),
        ("local/" + String(repeating: "x", count: 129), "the role is longer than 128 bytes"),
    ])
    func anAddressThatCannotBeIsRefused(address: String, reason: String) async throws {
        try await User.use { user in
            for command in [
                ["submit", address, BadInput.invalid, "-", "valid"], ["kill", address, "x"], ["list", address],
            ] {
                try await user.expectFailure(
                    command,
                    says: ["argument cluster/[role]/[environ] is not correct", reason]
                )
            }
        }
    }

    private static let commands = [
        ["kill"], ["activate"], ["deactivate"], ["restart"], ["status"], ["scheduler", "start"],
    ]

    @Test(arguments: commands)
    func anUnknownTopologyIsNamed(command: [String]) async throws {
        try await User.use { user in
            try await user.expectFailure(
                command + ["local", "Nowhere"],
                says: ["Topology 'Nowhere' does not exist; see: heron list local"]
            )
        }
    }

    @Test(arguments: commands)
    func aNameThatCannotBeIsRefused(command: [String]) async throws {
        try await User.use { user in
            for name in ["../x", "a/b", "", String(repeating: "x", count: 300), "a\nb"] {
                let shown: String = name.contains("\n") ? "" : "'\(name)'"
                try await user.expectFailure(command + ["local", name], says: [shown, "cannot be a topology's name"])
            }
        }
    }
}
