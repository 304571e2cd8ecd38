import RuntimeHTTP

/// The shell's HTML pages. Every name from outside is escaped where it enters a page.
enum Pages {
    /// A directory: one line per entry, with links.
    static func browse(_ directory: String, _ listing: DirectoryListing) -> String {
        let prefix = directory == "." ? "" : directory + "/"
        var lines = listing.entries.map { entry in
            let target = PercentCoding.encode(prefix + entry.name, keepingSlashes: true)
            let name = htmlEscaped(entry.name)
            let stat = htmlEscaped(entry.formattedStat)
            return entry.isDirectory
                ? "\(stat) <a href=\"/browse/\(target)\">\(name)/</a>"
                : "\(stat) <a href=\"/file/\(target)\">\(name)</a> <a href=\"/download/\(target)\">download</a>"
        }
        if directory != "." {
            let parent = PercentCoding.encode(parent(of: directory), keepingSlashes: true)
            lines.insert("<a href=\"/browse/\(parent)\">..</a>", at: 0)
        }
        return page(title: directory, body: "<pre>\n\(lines.joined(separator: "\n"))\n</pre>")
    }

    /// A file whose end is shown and followed.
    static func follow(_ path: String) -> String {
        let encoded = PercentCoding.encode(path, keepingSlashes: true)
        let parent = PercentCoding.encode(parent(of: path), keepingSlashes: true)
        let body = """
            <p><a href="/browse/\(parent)">directory</a> <a href="/download/\(encoded)">download</a></p>
            <pre id="text"></pre>
            <script>\(followScript(encoded))</script>
            """
        return page(title: path, body: body)
    }

    /// The path of the directory that holds `path`; `.` for the top.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[..<slash])
    }

    /// Shows the last 64 KiB, then asks for more every second; the text that comes is escaped by the server.
    private static func followScript(_ encoded: String) -> String {
        """
        const url = "/filedata/\(encoded)", text = document.getElementById("text"), limit = 65536;
        let offset = -1;
        async function more() {
          const answer = await (await fetch(`${url}?offset=${offset}&length=${offset < 0 ? 0 : limit}`)).json();
          if (offset < 0) {
            if (answer.offset !== undefined) { offset = Math.max(0, answer.offset - limit); return more(); }
          } else if (answer.length > 0) {
            offset = answer.offset + answer.length;
            text.insertAdjacentHTML("beforeend", answer.data);
            return more();
          } else if (answer.offset < offset) {
            offset = answer.offset;
          }
          setTimeout(more, 1000);
        }
        more();
        """
    }

    private static func page(title: String, body: String) -> String {
        """
        <!DOCTYPE html>
        <html><head><meta charset="utf-8"><title>\(htmlEscaped(title))</title></head>
        <body><h1>\(htmlEscaped(title))</h1>
        \(body)
        </body></html>

        """
    }
}
