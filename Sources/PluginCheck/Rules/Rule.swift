/// What a plugin must keep to. The raw value is the rule's number in docs/plugin-rules.md, which never changes.
public enum Rule: Int, Sendable, Hashable, CaseIterable, Codable {
    // The files.
    case manifest = 1
    case trust
    case checksum

    // The library, before anything in it runs.
    case architecture
    case dependencies
    case undefinedSymbols
    case exports

    // The library, loaded.
    case loading
    case entry
    case abiVersion
    case pluginTable
    case nameAndVersion

    // What the entry leads to.
    case getFactory
    case factoryTables
    case classes
    case operations
    case initAndDeinit
    case scanThreads

    // Instances.
    case creation
    case unknownClass
    case instanceTables
    case earlyCalls
    case goodSettings
    case badSettings

    // Calls of an instance.
    case goodMessages
    case badMessages
    case order
    case unknownContainer
    case failedLaunch
    case endOfContainers
    case twoInstances

    // What calls bring.
    case statusCodes
    case reports
    case texts
    case lateItems
    case itemThread
    case items
    case statusJSON
    case links
    case extensions
    case acceptance

    // Threads, and what instances leave behind.
    case hostThreads
    case afterDestroy
    case memory
    case descriptors
    case threads

    // The process.
    case processState
    case exits
    case unwinding
    case standardOutput

    case fuzzing

    /// As users name it: `--rule`.
    public var number: Int { rawValue }
}

extension Rule: Comparable {
    public static func < (left: Rule, right: Rule) -> Bool { left.rawValue < right.rawValue }
}
