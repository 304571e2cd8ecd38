import PluginABI

extension Host {
    /// Fetches a package and unpacks it in a directory that exists. For launchers.
    public func fetchPackage(uri: String, into directory: String) throws {
        let launching = try service(HERON_HOST_LAUNCHING, as: heron_launching.self)
        try check("fetch_package") { host in
            uri.lent { uri in directory.lent { launching.pointer.pointee.fetch_package?(host, uri, $0) } }
        }
    }

    /// Starts the scheduler service in a directory that was prepared for it. For launchers.
    public func startSchedulerService(workingDirectory: String) throws {
        let launching = try service(HERON_HOST_LAUNCHING, as: heron_launching.self)
        try check("start_scheduler_service") { host in
            workingDirectory.lent { launching.pointer.pointee.start_scheduler_service?(host, $0) }
        }
    }

    /// Schedules in this process, where `heron.scheduler.is.service` is false. For launchers.
    public func scheduleAsLibrary(workingDirectory: String) throws {
        let launching = try service(HERON_HOST_LAUNCHING, as: heron_launching.self)
        try check("schedule_as_library") { host in
            workingDirectory.lent { launching.pointer.pointee.schedule_as_library?(host, $0) }
        }
    }

    /// Adds to a counter, which only grows.
    public func addToCounter(_ name: String, _ amount: UInt64) throws {
        let metrics = try service(HERON_HOST_METRICS, as: heron_metrics.self)
        try check("add") { host in name.lent { metrics.pointer.pointee.add?(host, $0, amount) } }
    }

    /// Sets a gauge, which goes up and down.
    public func setGauge(_ name: String, _ value: Double) throws {
        let metrics = try service(HERON_HOST_METRICS, as: heron_metrics.self)
        try check("set") { host in name.lent { metrics.pointer.pointee.set?(host, $0, value) } }
    }
}
