import Glibc
import Logging
import Testing

@testable import HeronLogging

@Suite struct HeronLoggingTests {
    private func line(_ level: Logger.Level, _ message: String, _ details: Logger.Metadata = [:]) -> String {
        let line = LogLine(time: LogTime(seconds: 0), level: level, message: message, details: details)
        return String(decoding: line.bytes, as: UTF8.self)
    }

    @Test func theFormOfALine() {
        let written = line(.info, "hello", ["b": "2", "a": "1"])
        #expect(written.hasSuffix("] [INFO]: hello a=1 b=2\n"))
        #expect(written.wholeMatch(of: /\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\] .*\n/) != nil)
        #expect(line(.critical, "").contains("[CRITICAL]: \n"))
    }

    @Test func noMessageForgesALine() {
        #expect(
            line(.error, "a\n[b]\r\t\u{1b}[31m\u{9b}\u{2028}\u{7f}é🙂").hasSuffix(
                "[ERROR]: a\\n[b]\\r\\t\\u{1b}[31m\\u{9b}\\u{2028}\\u{7f}é🙂\n"
            )
        )
        #expect(line(.warning, "m", ["k\n": "v\n"]).hasSuffix("[WARNING]: m k\\n=v\\n\n"))
    }

    @Test func aHandlerWritesWholeLines() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/log"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var logger = Logger(label: "test") { _ in HeronLogHandler(descriptor: descriptor, level: .info) }
        logger[metadataKey: "container"] = "1"
        logger.debug("not shown")
        logger.info("first")
        logger.warning("second", metadata: ["instance": "x"])
        let lines = String(decoding: try read(path), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].hasSuffix("[INFO]: first container=1"))
        #expect(lines[1].hasSuffix("[WARNING]: second container=1 instance=x"))
    }

    @Test func aFileThatCannotBeOpened() {
        let error = #expect(throws: LogFileError.self) {
            try HeronLogging.bootstrap(level: .info, destination: .file("/nowhere/log"))
        }
        #expect(error?.description == "cannot open the log file /nowhere/log: No such file or directory")
    }
}
