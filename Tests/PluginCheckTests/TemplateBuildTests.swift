import Files
import Glibc
import PluginTemplates
import Testing

/// What `heron plugin new` makes is a plugin: it builds, and keeps all rules.
@Suite(.timeLimit(.minutes(5)), .enabled(if: hasHeron, "needs the product heron")) struct TemplateBuildTests {
    @Test func thePluginInCIsBuiltWithMake() async throws {
        let home = try await TemplateHome.install()
        let folder = try home.make("demo-c", .c)
        try await home.run(["make", "CFLAGS=-O1 -g -Werror"], in: folder)
        #expect(try folderEntries("\(folder)/build/demo-c") == ["libheron-demo-c.so", "plugin.yaml"])
        try await home.check("\(folder)/build/demo-c")

        // Whoever may write to what is installed is not left to the umask.
        let install = ["sh", "-c", "umask 002 && make install PREFIX=\(home.scratch.path)/plugins"]
        try await home.run(install, in: folder)
        for name in ["", "/libheron-demo-c.so", "/plugin.yaml"] {
            let status = try FileStatus(following: "\(home.scratch.path)/plugins/demo-c\(name)")
            #expect(status.permissions & 0o022 == 0)
        }
        try await home.run(["make", "clean"], in: folder)
        #expect(try await home.files(in: folder) == home.files(in: "\(repository)/SDK/templates/c"))
    }

    @Test(.enabled(if: isInstalled("pkg-config"), "needs pkg-config"))
    func thePluginInCIsBuiltWithWhatPkgConfigSays() async throws {
        let home = try await TemplateHome.install()
        let folder = try home.make("demo", .c)
        let command = """
            cc $(pkg-config --cflags heron-plugin) -shared -fPIC -pthread -o libheron-demo.so *.c \
            -Wl,--version-script=$(pkg-config --variable=exports heron-plugin)
            """
        try await home.run(["sh", "-c", command], in: folder)
        try await home.check(folder)
        #expect(try await home.run(["pkg-config", "--modversion", "heron-plugin"], in: folder) == "1.2\n")
        let messages = try await home.run(["pkg-config", "--variable=protodir", "heron-plugin"], in: folder)
        #expect(try folderEntries(String(messages.dropLast())).contains("packing_plan.proto"))
    }

    @Test(.enabled(if: isInstalled("cmake"), "needs cmake")) func thePluginInCIsBuiltWithCMake() async throws {
        let home = try await TemplateHome.install()
        let folder = try home.make("demo", .c)
        try await home.run(["cmake", "-B", "build", "-DCMAKE_PREFIX_PATH=\(home.home)"], in: folder)
        try await home.run(["cmake", "--build", "build"], in: folder)
        try await home.check("\(folder)/build")
    }

    @Test func thePluginInSwiftIsBuiltWithMake() async throws {
        let home = try await TemplateHome.install()
        let folder = try home.make("demo-swift", .swift)
        try await home.run(["make", "CONFIGURATION=debug"], in: folder)
        #expect(try folderEntries("\(folder)/build/demo-swift") == ["libheron-demo-swift.so", "plugin.yaml"])
        try await home.check("\(folder)/build/demo-swift")
    }

    @Test(arguments: PluginLanguage.allCases) func aWrongHeronHomeIsToldInOneLine(_ language: PluginLanguage)
        async throws
    {
        let home = try await TemplateHome.install()
        let folder = try home.make("demo", language)
        let result = try await home.complete(["make"], in: folder, heronHome: "/nowhere")
        #expect(result.status == .exited(2))
        let error = String(decoding: result.error, as: UTF8.self)
        #expect(error.contains("there is no heron in HERON_HOME='/nowhere'; run: make HERON_HOME=<folder of"))
        #expect(error.split(separator: "\n").count == 1)
    }
}
