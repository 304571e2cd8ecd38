import Testing
import ZooKeeperTesting

extension TopologyTests {
    /// Mistakes that `heron submit mesos/…` meets: one line says what is wrong, and nothing is left behind.
    @Suite(.enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"), .timeLimit(.minutes(2)))
    struct MesosBadInputTests {
        private static let isNotRegistered = "no Mesos master registered the framework within 1.0 s"

        @Test(arguments: [
            ("", "heron.mesos.master.uri is not set; set it in the cluster's scheduler.yaml"),
            ("host:port", "heron.mesos.master.uri: 'host:port' has no port from 1 to 65535"),
            ("ftp://host", "heron.mesos.master.uri: only http://, https:// and zk:// are known"),
            ("heron:hush@host:5050", "heron.mesos.master.uri: credentials do not belong into it"),
            ("zk://127.0.0.1:2181", "heron.mesos.master.uri: it names no path, as in zk://host:2181/mesos"),
            ("zk://hush@127.0.0.1:2181/mesos", "what stands before its '@' is not user:password"),
            ("file:///nowhere/master", "heron.mesos.master.uri: cannot read /nowhere/master: No such file"),
        ])
        func anAddressThatIsNoneIsRefused(address: String, reason: String) async throws {
            try await BadSubmission.use { submission in
                let result = try await submission.expectFailure(["heron.mesos.master.uri=\(address)"], says: [reason])
                #expect(!"\(result)".contains("hush"))
            }
        }

        @Test func aMasterThatDoesNotAnswerIsNamedWhenTheTimeIsOver() async throws {
            try await BadSubmission.use { submission in
                let closed = "127.0.0.1:\(try #require(PortBlocks.choose(1).first).lowerBound)"
                let zooKeeper = submission.server.connection
                for (address, reason) in [
                    (closed, "cannot reach \(closed): connection refused"),
                    ("nowhere.invalid:5050", "nowhere.invalid:5050"),
                    ("http://\(zooKeeper)", zooKeeper),
                    ("zk://\(closed)/mesos", "zk://\(closed)/mesos"),
                    ("zk://\(zooKeeper)/nowhere", "there is no node /nowhere at \(zooKeeper); is the path right?"),
                    // The node that holds the state is there, and no master's.
                    (
                        "zk://\(zooKeeper)\(submission.root)",
                        "no master has registered at zk://\(zooKeeper)\(submission.root)"
                    ),
                ] {
                    try await submission.expectFailure(
                        ["heron.mesos.master.uri=\(address)", "heron.mesos.framework.staging.timeout.ms=1000"],
                        says: [Self.isNotRegistered, reason, "; see heron.mesos.master.uri"]
                    )
                }
            }
        }

        /// The node that holds the state is for one user alone.
        @Test func aPathThatMayNotBeReadIsNamed() async throws {
            try await BadSubmission.use { submission in
                try await submission.user.shell("umask 077; echo alice:hush >auth")
                let result = try await submission.expectFailure(
                    [
                        "heron.mesos.master.uri=zk://\(submission.server.connection)\(submission.root)",
                        "heron.statemgr.zookeeper.auth.file=\(submission.user.home)/auth",
                    ],
                    says: [
                        "ZooKeeper at \(submission.server.connection) does not let this user read \(submission.root)"
                    ]
                )
                #expect(!"\(result)".contains("hush"))
            }
        }

        @Test func aFileThatOthersMayReadHoldsNoAddress() async throws {
            try await BadSubmission.use { submission in
                let path = "\(submission.user.home)/master"
                let place = "\(submission.server.connection)/nowhere"
                let properties = [
                    "heron.mesos.master.uri=file://\(path)", "heron.mesos.framework.staging.timeout.ms=1000",
                ]
                for (mode, reason) in [
                    ("644", "heron.mesos.master.uri: others may read \(path); chmod 600 \(path)"),
                    ("600", "there is no node /nowhere at \(submission.server.connection)"),
                ] {
                    try await submission.user.shell("echo zk://alice:hush@\(place) >master; chmod \(mode) master")
                    let result = try await submission.expectFailure(properties, says: [reason])
                    #expect(!"\(result)".contains("hush"))
                }
            }
        }

        @Test func secretsThatCannotBeUsedAreRefused() async throws {
            try await BadSubmission.use { submission in
                let home = submission.user.home
                try await submission.user.shell(
                    "umask 077; echo hush >secret; : >empty; mkdir folder; cp secret open; chmod 640 open"
                )
                let secret = "heron.mesos.framework.secret.file"
                let value = "heron.mesos.framework.authorization.file"
                for (file, reason) in [
                    ("none", "cannot read \(home)/none: No such file or directory"),
                    ("open", "others may read \(home)/open; chmod 600 \(home)/open"),
                    ("empty", "\(home)/empty is empty"), ("folder", "\(home)/folder is not a small regular file"),
                ] {
                    for key in [secret, value] {
                        try await submission.expectFailure(
                            ["heron.mesos.framework.principal=heron", "\(key)=\(home)/\(file)"],
                            says: ["\(key): \(reason)"]
                        )
                    }
                }
                try await submission.expectFailure(
                    ["\(secret)=\(home)/secret"],
                    says: ["\(secret) is set, but heron.mesos.framework.principal is not; name the principal"]
                )
                try await submission.expectFailure(
                    ["heron.mesos.framework.principal=heron", "\(secret)=\(home)/secret", "\(value)=\(home)/secret"],
                    says: ["\(secret) and \(value) are both set; remove one"]
                )
            }
        }

        /// By the line of the yaml file.
        @Test(arguments: [
            ("heron.mesos.master.uri: 5050", "must be a string (put it in quotes), but is an integer: 5050"),
            ("heron.mesos.tmanager.cpus: lots", "must be a number, but is a string: lots"),
            ("heron.mesos.package.cache: \"yes\"", "must be true or false (without quotes), but is a string: yes"),
            ("heron.mesos.task.kill.grace.ms: 5 s", "must be a whole number, but is a string: 5 s"),
            ("heron.mesos.framework.role: [a, b]", "must be a string"),
            ("heron.mesos.framework.failover.timeout.seconds: 1.5", "must be a whole number"),
        ])
        func aValueOfTheWrongTypeIsNamedWithItsLine(entry: String, reason: String) async throws {
            try await BadSubmission.use { submission in
                let conf = "\(submission.user.home)/conf"
                let source = try #require(Installation.home)
                try await submission.user.shell("mkdir conf; cp -R '\(source)/conf/mesos' conf/mesos")
                // The last of the cluster's files, which overrides the others.
                _ = try await submission.user.write("conf/mesos/stateful.yaml", "# what the user wrote\n\(entry)\n")
                try await submission.expectFailure(
                    [],
                    says: ["\(conf)/mesos/stateful.yaml:2: \(entry.prefix { $0 != ":" }) \(reason)"],
                    options: ["--config-path", conf]
                )
            }
        }

        @Test(arguments: [
            ("heron.mesos.tmanager.cpus=0", "heron.mesos.tmanager.cpus must be a number above 0"),
            ("heron.mesos.tmanager.ram.mb=-1", "heron.mesos.tmanager.ram.mb must be a number above 0"),
            ("heron.mesos.task.kill.grace.ms=-1", "heron.mesos.task.kill.grace.ms must be 0 to 86400000 milliseconds"),
            (
                "heron.mesos.framework.failover.timeout.seconds=-1",
                "heron.mesos.framework.failover.timeout.seconds must be"
            ),
            ("heron.mesos.framework.role=", "heron.mesos.framework.role is not set"),
            (
                "heron.mesos.tls.ca.file=/nowhere/ca.pem",
                "heron.mesos.tls.ca.file: cannot read /nowhere/ca.pem: No such"
            ),
            (
                "heron.scheduler.is.service=false",
                "heron.scheduler.is.service is false, but tasks on Mesos need a scheduler that stays; set it to true"
            ),
        ])
        func aValueThatMakesNoSenseIsRefused(property: String, reason: String) async throws {
            try await BadSubmission.use { submission in
                try await submission.expectFailure([property], says: [reason])
            }
        }
    }
}
