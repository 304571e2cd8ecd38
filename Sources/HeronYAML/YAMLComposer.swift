/// Builds a value from libyaml's events, within the limits.
struct YAMLComposer {
    private let events: YAMLEvents
    private let name: String
    private let limits: YAMLLimits
    private var nodes: Int = 0
    private var anchors: [String: (value: YAMLValue, nodes: Int)] = [:]

    init(events: YAMLEvents, name: String, limits: YAMLLimits) {
        self.events = events
        self.name = name
        self.limits = limits
    }

    /// The only document of the text; `null` if the text has none. Throws ``YAMLError``.
    mutating func document() throws -> YAMLValue {
        var root: YAMLValue?
        while true {
            let event: YAMLEvent = try events.next()
            switch event.kind {
            case .streamEnd: return root ?? .null
            case .streamStart, .documentEnd: continue
            case .documentStart:
                guard root == nil else { throw failure(event.line, "a second document; only one is allowed") }
                root = try value(try events.next(), depth: 0)
            default: throw failure(event.line, "unexpected content after the document")
            }
        }
    }

    private mutating func value(_ event: YAMLEvent, depth: Int) throws -> YAMLValue {
        let before: Int = nodes
        try count(1, event.line)
        let value: YAMLValue
        switch event.kind {
        case .scalar(let scalar): value = try scalarValue(scalar, event.line)
        case .alias(let alias): return try aliased(alias, event.line)
        case .listStart: value = .list(try list(event.line, depth: depth + 1))
        case .mapStart: value = .map(try map(event.line, depth: depth + 1))
        default: throw failure(event.line, "expected a value")
        }
        if let anchor = event.anchor { anchors[anchor] = (value, nodes - before) }
        return value
    }

    private mutating func list(_ line: Int, depth: Int) throws -> [YAMLValue] {
        try checkDepth(depth, line)
        var values: [YAMLValue] = []
        while true {
            let event: YAMLEvent = try events.next()
            if case .listEnd = event.kind { return values }
            values.append(try value(event, depth: depth))
        }
    }

    private mutating func map(_ line: Int, depth: Int) throws -> YAMLMap {
        try checkDepth(depth, line)
        var map = YAMLMap()
        while true {
            let event: YAMLEvent = try events.next()
            if case .mapEnd = event.kind { return map }
            let key: String = try self.key(event)
            if let first = map.entry(key) {
                throw failure(event.line, "duplicate key '\(key)', first on line \(first.line)")
            }
            map.set(key, try value(try events.next(), depth: depth), line: event.line)
        }
    }

    private func key(_ event: YAMLEvent) throws -> String {
        guard case .scalar(let scalar) = event.kind, !scalar.text.isEmpty else {
            throw failure(event.line, "a key must be a name")
        }
        if scalar.isPlain, scalar.text == "<<" {
            throw failure(event.line, "merge keys ('<<') are not supported; write the entries out")
        }
        return scalar.text
    }

    private func scalarValue(_ scalar: YAMLEvent.Scalar, _ line: Int) throws -> YAMLValue {
        guard let tag = scalar.tag else {
            return scalar.isPlain ? YAMLScalar.resolve(scalar.text) : .string(scalar.text)
        }
        let resolved: YAMLValue = YAMLScalar.resolve(scalar.text)
        switch (tag, resolved) {
        case ("!", _), ("tag:yaml.org,2002:str", _): return .string(scalar.text)
        case ("tag:yaml.org,2002:int", .int), ("tag:yaml.org,2002:float", .double),
            ("tag:yaml.org,2002:bool", .bool), ("tag:yaml.org,2002:null", .null):
            return resolved
        case ("tag:yaml.org,2002:float", .int(let value)): return .double(Double(value))
        default: throw failure(line, "the tag '\(tag)' is not supported for '\(scalar.text)'")
        }
    }

    private mutating func aliased(_ alias: String, _ line: Int) throws -> YAMLValue {
        guard let target = anchors[alias] else { throw failure(line, "'*\(alias)' refers to no earlier '&\(alias)'") }
        try count(target.nodes, line)
        return target.value
    }

    private mutating func count(_ more: Int, _ line: Int) throws {
        nodes += more
        guard nodes <= limits.nodes else { throw failure(line, "more than \(limits.nodes) values") }
    }

    private func checkDepth(_ depth: Int, _ line: Int) throws {
        guard depth <= limits.depth else { throw failure(line, "nested more than \(limits.depth) deep") }
    }

    private func failure(_ line: Int, _ message: String) -> YAMLError {
        YAMLError(file: name, line: line, message: message)
    }
}
