import Files
import Testing

/// The examples of FIPS 180-4.
@Suite struct SHA256Tests {
    private static let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

    private func sum(_ bytes: [UInt8], inPiecesOf size: Int) -> String {
        var sum = SHA256()
        for start in stride(from: 0, to: bytes.count, by: size) {
            bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { sum.update($0) }
        }
        return sum.finish()
    }

    @Test func ofShortTexts() {
        #expect(sum([], inPiecesOf: 1) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(sum(Array("abc".utf8), inPiecesOf: 8) == abc)
        let twoBlocks = Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        #expect(sum(twoBlocks, inPiecesOf: 56) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    }

    @Test(arguments: [1000, 63, 64, 65, 1_000_000])
    func ofAMillionLettersInPieces(_ size: Int) {
        #expect(sum([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000), inPiecesOf: size) == SHA256Tests.million)
    }

    @Test func ofAFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("letters", String(repeating: "a", count: 1_000_000))
        #expect(try SHA256.ofFile(path) == SHA256Tests.million)
        let error = #expect(throws: FileError.self) { try SHA256.ofFile(folder["missing"]) }
        #expect(error?.description.hasPrefix("cannot read '\(folder.path)/missing': No such file") == true)
    }
}
