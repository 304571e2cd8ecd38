/// The end of a file in a sandbox, as far as anybody wants it.
struct FileTail: Sendable {
    let path: String
    let agent: MesosEndpoint
    /// How many lines are wanted.
    let count: Int
    /// Called once, on the driver's thread.
    let completion: @Sendable (Result<[String], MesosOperatorError>) -> Void
}

extension MesosDriver {
    /// Reads the last lines of a file in a sandbox, from its agent, by the endpoint `/files/read`.
    ///
    /// The agent gets no credentials: those of the configuration are for masters.
    ///
    /// - Parameters:
    ///   - path: such as `/frameworks/F/executors/E/runs/latest/stderr`.
    ///   - agent: begins with `http://host:port` or `https://host:port`; the rest is not looked at.
    ///   - count: how many lines at most; empty ones do not count.
    ///   - completion: told once, on the driver's thread, also when the driver is closed: lines without control
    ///     characters, none of them long.
    public func readTail(
        of path: String,
        at agent: String,
        count: Int,
        completion: @escaping @Sendable (Result<[String], MesosOperatorError>) -> Void
    ) {
        let endpoint: MesosEndpoint
        do throws(MasterAddressError) {
            endpoint = try MesosEndpoint(url: agent)
        } catch {
            let reason = "the agent's address '\(oneLine(agent))' is none: \(error)"
            return completion(.failure(MesosOperatorError(status: nil, description: reason)))
        }
        let tail = FileTail(path: path, agent: endpoint, count: count, completion: completion)
        if !shared.inbox.post(.readTail(tail)) { tail.fail("the driver is closed") }
    }
}

extension FileTail {
    func fail(_ reason: String, status: Int? = nil) {
        completion(.failure(MesosOperatorError(status: status, description: reason)))
    }
}
