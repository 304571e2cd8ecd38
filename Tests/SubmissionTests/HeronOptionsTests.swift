import HeronConfig
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

    /// In Heron's order; the name only for a class in Python.
    @Test(arguments: [("words.py", "words.Words", true), ("words.py", "-", false), ("words.tar", "Words", false)])
    func aProgramIsTold(file: String, className: String, isNamed: Bool) throws {
        let folder = try Folder()
        let request = try request(folder.write(file, "content"), className: className, arguments: ["Top", "2"])
        let options = try HeronOptions(request, definitionFolder: "/d")
        #expect(
            options.encoded
                == "cmdline.topologydefn.tmpdirectory=/d,cmdline.topology.initial.state=RUNNING,"
                + "cmdline.topology.role=me,cmdline.topology.environment=default,cmdline.topology.cluster=local,"
                + "cmdline.topology.file_name=\(folder.path)/\(file),cmdline.topology.class_name=\(className),"
                + "cmdline.topology.submit_user=me\(isNamed ? ",cmdline.topology.name=Top" : "")"
        )
    }

    @Test func argumentsOfAJavaTopologyMayHoldCommas() throws {
        let folder = try Folder()
        let request = try request(folder.write("words.tar", "content"), className: "Words", arguments: ["a,b"])
        #expect(throws: Never.self) { try HeronOptions(request, definitionFolder: "/d") }
    }

    private func request(_ file: String, className: String, arguments: [String]) throws -> SubmitRequest {
        SubmitRequest(
            place: ClusterRoleEnviron(cluster: "local", role: "me", environ: "default"),
            submitUser: "me",
            heronHome: "/heron",
            configDirectory: "/heron/conf/local",
            releaseFile: "/heron/release.yaml",
            properties: [],
            file: try TopologyFile(file),
            className: className,
            arguments: arguments
        )
    }
}
