import MesosProtocol

/// An outstanding offer: free resources of one agent, for one role of one framework.
struct OfferRecord: Sendable {
    let id: String
    let framework: String
    let agent: String
    let role: String
    /// Allocated to the role.
    let resources: ResourceSet
    /// Seconds of the Unix epoch.
    let madeAt: Double
}

/// An outstanding inverse offer: the wish to have an agent's resources back.
struct InverseOfferRecord: Sendable {
    let id: String
    let framework: String
    let agent: String
}
