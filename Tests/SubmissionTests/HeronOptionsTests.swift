import Testing

@testable import Submission

struct HeronOptionsTests {
    @Test func pairsAreJoinedByCommas() throws {
        var options = HeronOptions()
        #expect(options.encoded == "")
        try options.add("cmdline.topologydefn.tmpdirectory", "/d")
        try options.add("cmdline.topology.initial.state", "PAUSED")
        #expect(options.encoded == "cmdline.topologydefn.tmpdirectory=/d,cmdline.topology.initial.state=PAUSED")
    }

    /// As in Heron's own client: `My Top` arrives as `My%%%%Top`.
    @Test func eachSpaceBecomesFourPercentSigns() throws {
        var options = HeronOptions()
        try options.add("cmdline.topology.name", " My  Top ")
        #expect(options.encoded == "cmdline.topology.name=%%%%My%%%%%%%%Top%%%%")
    }

    /// heronpy splits a pair at the first equals sign.
    @Test func aValueMayHoldAnEqualsSign() throws {
        var options = HeronOptions()
        try options.add("cmdline.topology.file_name", "a=b.py")
        #expect(options.encoded == "cmdline.topology.file_name=a=b.py")
    }

    @Test func aCommaIsRefusedWithTheKeyThatHasIt() throws {
        var options = HeronOptions()
        let error = try #require(throws: SubmissionError.self) {
            try options.add("cmdline.topology.file_name", "a,b.py")
        }
        #expect(error.description.contains("'a,b.py' (cmdline.topology.file_name): it contains a comma; rename"))
        #expect(options.encoded == "")
    }
}
