import CYAML

/// A step of a YAML text, copied out of libyaml's memory.
struct YAMLEvent {
    /// A scalar as written.
    struct Scalar {
        let text: String
        /// The explicit tag, such as `tag:yaml.org,2002:str`; nil if none was written.
        let tag: String?
        /// Whether it was written without quotes, and may so be a number, a boolean or null.
        let isPlain: Bool
    }

    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case listStart, listEnd, mapStart, mapEnd
        case scalar(Scalar)
        case alias(String)
    }

    let kind: Kind
    /// The name that `&name` gives to the value, for later aliases.
    let anchor: String?
    /// From 1.
    let line: Int
}

/// libyaml's parser over one text. Owns the C parser and the bytes it reads; used from one thread.
final class YAMLEvents {
    private let name: String
    private let input: UnsafeMutableBufferPointer<UInt8>
    // On the heap, because libyaml keeps pointers to the parser in the parser.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let isReady: Bool

    init(_ bytes: [UInt8], name: String) {
        self.name = name
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        isReady = yaml_parser_initialize(parser) == 1
        if isReady { yaml_parser_set_input_string(parser, input.baseAddress, input.count) }
    }

    deinit {
        if isReady { yaml_parser_delete(parser) }
        parser.deallocate()
        input.deallocate()
    }

    /// The next event. Throws ``YAMLError`` where the text is not YAML.
    func next() throws -> YAMLEvent {
        guard isReady else { throw YAMLError(file: name, line: nil, message: "out of memory") }
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(kind: kind(event), anchor: anchor(event), line: Int(event.start_mark.line) + 1)
    }

    private func kind(_ event: yaml_event_t) -> YAMLEvent.Kind {
        switch event.type {
        case YAML_STREAM_START_EVENT: .streamStart
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_SEQUENCE_START_EVENT: .listStart
        case YAML_SEQUENCE_END_EVENT: .listEnd
        case YAML_MAPPING_START_EVENT: .mapStart
        case YAML_MAPPING_END_EVENT: .mapEnd
        case YAML_ALIAS_EVENT: .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT: .scalar(scalar(event))
        default: .streamEnd
        }
    }

    private func scalar(_ event: yaml_event_t) -> YAMLEvent.Scalar {
        let scalar = event.data.scalar
        let bytes = UnsafeBufferPointer(start: scalar.value, count: Int(scalar.length))
        return YAMLEvent.Scalar(
            text: String(decoding: bytes, as: UTF8.self),
            tag: text(scalar.tag),
            isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE
        )
    }

    private func anchor(_ event: yaml_event_t) -> String? {
        switch event.type {
        case YAML_SCALAR_EVENT: text(event.data.scalar.anchor)
        case YAML_SEQUENCE_START_EVENT: text(event.data.sequence_start.anchor)
        case YAML_MAPPING_START_EVENT: text(event.data.mapping_start.anchor)
        default: nil
        }
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func failure() -> YAMLError {
        let state = parser.pointee
        let problem: String = state.problem.map { String(cString: $0) } ?? "not YAML"
        if state.error == YAML_READER_ERROR {
            let line: Int = 1 + input.prefix(Int(state.problem_offset)).count { $0 == UInt8(ascii: "\n") }
            return YAMLError(file: name, line: line, message: "\(problem); the file must be UTF-8 text")
        }
        let line: Int = Int(state.problem_mark.line) + 1
        if isIndentedByTab(line) {
            return YAMLError(file: name, line: line, message: "a tab is used to indent; YAML takes spaces only")
        }
        let context: String = state.context.map { " (\(String(cString: $0)))" } ?? ""
        return YAMLError(file: name, line: line, message: "\(problem)\(context)")
    }

    private func isIndentedByTab(_ line: Int) -> Bool {
        let lines = input.split(separator: UInt8(ascii: "\n"), maxSplits: line, omittingEmptySubsequences: false)
        guard line <= lines.count else { return false }
        let blank = lines[line - 1].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return blank.contains(UInt8(ascii: "\t"))
    }
}
