/// Columns of text, as wide as their widest cell, two spaces between them.
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
        let widths: [Int] = (0..<rows[0].count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column < row.count - 1 { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
            }
            return line
        }.joined(separator: "\n")
    }
}
