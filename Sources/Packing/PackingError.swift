/// Why a topology cannot be packed, as one line for the user: what is wrong, where, and what to do.
public enum PackingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No packing algorithm answers to this class name.
    case unknownAlgorithm(String)
    /// A setting of a topology, a component or the cluster has a value of the wrong shape or out of its range.
    case invalidSetting(owner: String, key: String, value: String, expected: String)
    /// A setting that must be text is stored as an object that only Java or Python can read.
    case serializedSetting(owner: String, key: String)
    /// A spout or bolt does not say how many instances it wants.
    case missingParallelism(component: String)
    /// An entry of a component map is not `component:value`.
    case malformedComponentMap(key: String, entry: String)
    /// A component map names a component that the topology does not have.
    case unknownComponent(key: String, component: String)
    /// The topology has nothing to run.
    case noComponents
    /// More instances in all than can be packed.
    case tooManyInstances(count: Int, maximum: Int)
    /// Some containers would stay empty.
    case moreContainersThanInstances(containers: Int, instances: Int)
    /// The instances with resources of their own already need more than their container may have.
    case containerExceeded(container: Int, resource: ResourceKind, needed: String, available: String)
    /// The instances without resources of their own would get none.
    case nothingLeft(container: Int, resource: ResourceKind, instances: Int)
    /// An instance would get less than it can run with.
    case instanceTooSmall(component: String, resource: ResourceKind, given: String, minimum: String)
    /// One instance alone, with the container's padding, does not fit into a container.
    case instanceTooLarge(component: String, resource: ResourceKind, needed: String, available: String)

    public var description: String {
        switch self {
        case .unknownAlgorithm(let name):
            "unknown packing algorithm \(quoted(name)) in heron.class.packing.algorithm; known are "
                + PackingAlgorithms.classNames.joined(separator: ", ")
        case .invalidSetting(let owner, let key, let value, let expected):
            "\(owner): \(key) is \(quoted(value)), expected \(expected)"
        case .serializedSetting(let owner, let key):
            "\(owner): \(key) is a serialized object, expected text; set it as a string"
        case .missingParallelism(let component):
            "component \(quoted(component)) has no \(TopologyKey.parallelism); set how many instances it wants"
        case .malformedComponentMap(let key, let entry):
            "\(key) has the entry \(quoted(entry)), expected component:value"
        case .unknownComponent(let key, let component):
            "\(key) names \(quoted(component)), which is no component of the topology"
        case .noComponents:
            "the topology has neither spouts nor bolts; it needs at least one"
        case .tooManyInstances(let count, let maximum):
            "the topology has \(count) instances, more than the \(maximum) that can be packed; "
                + "lower \(TopologyKey.parallelism)"
        case .moreContainersThanInstances(let containers, let instances):
            "more containers (\(containers)) than instances (\(instances)); lower \(TopologyKey.containers)"
        case .containerExceeded(let container, let resource, let needed, let available):
            "the instances in container \(container) need \(needed) of \(resource), more than the \(available) "
                + "that \(resource.containerKey) allows; raise it, or lower \(resource.componentMapKey)"
        case .nothingLeft(let container, let resource, let instances):
            "container \(container) has no \(resource) left for its instances that are not in "
                + "\(resource.componentMapKey) (\(instances) of them); raise \(resource.containerKey)"
        case .instanceTooSmall(let component, let resource, let given, let minimum):
            "an instance of \(quoted(component)) gets \(given) of \(resource), less than the minimum of "
                + "\(minimum); raise it in \(resource.componentMapKey), or raise \(resource.containerKey)"
        case .instanceTooLarge(let component, let resource, let needed, let available):
            "an instance of \(quoted(component)) needs \(needed) of \(resource), padding included, but a "
                + "container has \(available); raise \(resource.containerKey), or lower \(resource.componentMapKey)"
        }
    }
}

/// A name from outside in quotes, with control characters escaped, so that it can neither break nor forge a line.
func quoted(_ name: String) -> String {
    "'" + name.unicodeScalars.map { $0.escaped(asASCII: false) }.joined() + "'"
}
