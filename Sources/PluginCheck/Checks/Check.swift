/// Something that is done with a plugin in a process of its own, which shows whether some rules are kept.
enum Check: String, Codable, Sendable, CaseIterable {
    case linking, loading, entry
    case factories, operations, library, scanThreads
    case creation, goodSettings, badSettings, growth
    case life
    case badMessages, order, failedLaunch, twoInstances, afterDestroy
    case fuzzing

    /// The rules that it decides, the main one first. It may find others broken too.
    var rules: [Rule] {
        switch self {
        case .linking: [.dependencies, .undefinedSymbols]
        case .loading: [.loading]
        case .entry: [.entry, .abiVersion, .pluginTable, .nameAndVersion]
        case .factories: [.getFactory, .factoryTables, .classes]
        case .operations: [.operations]
        case .library: [.initAndDeinit]
        case .scanThreads: [.scanThreads]
        case .creation: [.creation, .unknownClass, .instanceTables, .earlyCalls]
        case .goodSettings: [.goodSettings]
        case .badSettings: [.badSettings]
        case .growth: [.memory, .descriptors, .threads]
        case .life:
            [
                .goodMessages, .unknownContainer, .endOfContainers, .statusCodes, .reports, .texts, .lateItems,
                .itemThread, .items, .statusJSON, .links, .extensions, .acceptance, .hostThreads, .processState,
                .exits, .unwinding, .standardOutput,
            ]
        case .badMessages: [.badMessages]
        case .order: [.order]
        case .failedLaunch: [.failedLaunch]
        case .twoInstances: [.twoInstances]
        case .afterDestroy: [.afterDestroy]
        case .fuzzing: [.fuzzing]
        }
    }

    /// The rules without which it makes no sense.
    var needs: [Rule] {
        let files: [Rule] = [.manifest, .trust, .checksum, .architecture]
        let tables: [Rule] = [.loading, .entry, .abiVersion, .pluginTable]
        return switch self {
        case .linking: files
        case .loading: files + [.dependencies, .undefinedSymbols]
        case .entry: files + [.loading]
        case .factories, .library: files + tables
        case .operations: files + tables + [.getFactory]
        case .scanThreads: files + tables + [.getFactory, .factoryTables, .classes]
        case .creation: files + tables + [.getFactory, .factoryTables, .classes, .initAndDeinit]
        case .goodSettings, .badSettings, .growth: files + [.creation, .instanceTables]
        case .life: files + [.goodSettings]
        case .badMessages, .order, .failedLaunch, .twoInstances, .afterDestroy:
            files + [.goodSettings, .goodMessages, .exits, .unwinding]
        case .fuzzing: files + [.goodSettings, .goodMessages, .badMessages, .order, .exits, .unwinding]
        }
    }

    /// The checks in the order in which they are made; those of one stage at the same time.
    static let stages: [[Check]] = [
        [.linking], [.loading], [.entry], [.factories, .library], [.operations, .scanThreads, .creation],
        [.goodSettings, .badSettings, .growth], [.life],
        [.badMessages, .order, .failedLaunch, .twoInstances, .afterDestroy], [.fuzzing],
    ]
}
