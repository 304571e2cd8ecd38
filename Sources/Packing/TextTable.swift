/// A table of text for a terminal. The first column is aligned to the left, all others to the right.
struct TextTable {
    /// Whether parts of the table are set off by terminal colours (ANSI SGR).
    enum Style {
        case plain
        case colored

        func title(_ text: String) -> String { wrap(text, "1") }
        func total(_ text: String) -> String { wrap(text, "36") }

        private func wrap(_ text: String, _ code: String) -> String {
            self == .colored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
        }
    }

    private let header: [String]
    private let total: [String]
    private var rows: [[String]] = []

    /// - Parameter total: a last row below a rule.
    init(header: [String], total: [String]) {
        self.header = header
        self.total = total
    }

    /// Each row has as many cells as the header.
    mutating func add(_ row: [String]) {
        rows.append(row)
    }

    /// The lines of the table, each ended by a newline.
    func render(_ style: Style) -> String {
        let widths: [Int] = header.indices.map { column in
            ([header, total] + rows).map { $0[column].count }.max() ?? 0
        }
        let rule: String = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        let lines: [String] =
            [style.title(line(header, widths)), rule]
            + rows.map { line($0, widths) }
            + [rule, style.total(line(total, widths))]
        return lines.map { $0 + "\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        zip(cells, widths).enumerated()
            .map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + space : space + cell.0
            }
            .joined(separator: "  ")
    }
}
