/// Columns of text, as wide as their widest cell, two spaces between them. On a terminal what does not fit into the last
/// column goes on below it; elsewhere every row is one line, for programs.
struct TextTable {
    private var rows: [[String]]

    init(_ headings: String...) {
        self.init(headings)
    }

    init(_ headings: [String]) {
        rows = [headings]
    }

    mutating func add(_ cells: String...) {
        add(cells)
    }

    /// A row with as many cells as there are headings.
    mutating func add(_ cells: [String]) {
        rows.append(cells.map { $0.isEmpty ? "-" : Console.safe($0) })
    }

    var text: String {
        let widths: [Int] = (0..<rows[0].count - 1).map { column in rows.map { $0[column].count }.max() ?? 0 }
        let indent: Int = widths.reduce(0) { $0 + $1 + 2 }
        return rows.map { row in
            let cells: [String] = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count + 2)
            }
            let last: [String] = TextTable.lines(row[row.count - 1], width: Console.outputWidth.map { $0 - indent })
            return cells.joined() + last.joined(separator: "\n" + String(repeating: " ", count: indent))
        }.joined(separator: "\n")
    }

    /// A text's words in lines of at most so many characters; whole if there is no limit or no room to speak of.
    private static func lines(_ text: String, width: Int?) -> [String] {
        guard let width, width >= 16, text.count > width else { return [text] }
        var lines = [""]
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let line: String = lines[lines.count - 1]
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(String(word))
            } else {
                lines[lines.count - 1] = line.isEmpty ? String(word) : "\(line) \(word)"
            }
        }
        return lines
    }
}
