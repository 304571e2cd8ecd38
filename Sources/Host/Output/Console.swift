import Glibc

/// What the command says while it works, on stderr; results go to stdout with `print`.
enum Console {
    /// Whether stderr is a terminal that takes colours (see no-color.org).
    static let isColoured: Bool = isatty(STDERR_FILENO) == 1 && environmentIsUnset("NO_COLOR")

    /// Whether results go to a terminal.
    static let outputIsTerminal: Bool = isatty(STDOUT_FILENO) == 1

    /// How many characters of results go into a line; nil where that is unlimited or unknown.
    static let outputWidth: Int? = {
        var size = winsize()
        let isKnown: Bool = outputIsTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return isKnown ? Int(size.ws_col) : nil
    }()

    static func error(_ message: String) {
        plain(isColoured ? "\u{1B}[31merror:\u{1B}[0m \(safe(message))" : "error: \(safe(message))")
    }

    static func warning(_ message: String) {
        plain(isColoured ? "\u{1B}[33mwarning:\u{1B}[0m \(safe(message))" : "warning: \(safe(message))")
    }

    static func info(_ message: String) {
        plain(safe(message))
    }

    /// A line as it is, for texts of our own with line breaks.
    static func plain(_ text: String) {
        // A result printed before must not come behind what was said after it.
        fflush(nil)
        var line: Substring.UTF8View = (text + "\n")[...].utf8
        while !line.isEmpty {
            let written: Int = Array(line).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            line = line.dropFirst(written)
        }
    }

    /// Texts from files and programs may carry control characters; a terminal must not obey them.
    static func safe(_ text: String) -> String {
        String(
            text.unicodeScalars.map { scalar in
                scalar.value < 0x20 && scalar != "\t" || (0x7F...0x9F).contains(scalar.value)
                    ? "\u{FFFD}" : Character(scalar)
            }
        )
    }

    private static func environmentIsUnset(_ name: String) -> Bool {
        getenv(name).map { $0.pointee == 0 } ?? true
    }
}
