import Files
import Glibc
import PluginTemplates
import Testing

/// `heron plugin new`, up to what it writes.
@Suite(.timeLimit(.minutes(1))) struct TemplateTests {
    @Test(arguments: PluginLanguage.allCases) func everyPlaceholderIsReplaced(_ language: PluginLanguage) async throws {
        let home = try await TemplateHome.install()
        let folder = try home.make("slurm-x2", language)
        #expect(folder == "\(home.work)/slurm-x2")
        let template = "\(home.home)/share/heron/templates/\(language.rawValue)"
        #expect(try await home.files(in: folder) == home.files(in: template))
        let left = try await home.complete(["grep", "-rnE", "@[A-Z]+@", "."], in: folder)
        #expect(left.status == .exited(1), "\(String(decoding: left.output, as: UTF8.self))")
        let manifest = try await home.run(["cat", "plugin.yaml"], in: folder)
        #expect(manifest.hasPrefix("name: slurm-x2\nversion: \"0.1.0\"\nabi: \"1.2\"\nlibrary: libheron-slurm-x2.so\n"))
        #expect(manifest.contains("scheduler: [com.example.SlurmX2Scheduler]"))
        #expect(try folderEntries(home.work) == ["slurm-x2"])
    }

    @Test(arguments: [
        "", "Slurm", "2slurm", "-slurm", "slurm_x", "slurm/x", "..", "slürm", "slurm\n", "a b",
        String(repeating: "a", count: 65),
    ])
    func invalidNamesAreRefused(_ name: String) async throws {
        let home = try await TemplateHome.install()
        let error = try #require(throws: TemplateError.self) { try home.make(name, .c) }
        #expect(error.reason == .invalidName)
        #expect(error.description.contains("use lower-case letters, digits and '-'"))
        #expect(!error.description.contains("\n"))
        #expect(try folderEntries(home.work) == [])
    }

    @Test func anEmptyFolderIsTaken() async throws {
        let home = try await TemplateHome.install()
        _ = try createFolders("\(home.work)/mine")
        let folder = try home.make("mine", .c)
        #expect(try folderEntries(folder).contains("plugin.c"))
    }

    @Test(arguments: ["a file", "a link", "a folder"]) func whatIsThereIsKept(_ kind: String) async throws {
        let home = try await TemplateHome.install()
        switch kind {
        case "a file": try home.scratch.write("work/mine", "precious")
        case "a link": symlink(home.home, "\(home.work)/mine")
        default:
            _ = try createFolders("\(home.work)/mine")
            try home.scratch.write("work/mine/notes", "precious")
        }
        let before = try FileStatus.ifPresent("\(home.work)/mine")
        let error = try #require(throws: TemplateError.self) { try home.make("mine", .swift) }
        #expect(error.reason == .exists)
        #expect(error.description.hasSuffix("/mine' exists already; choose another name or directory, or remove it"))
        #expect(try FileStatus.ifPresent("\(home.work)/mine") == before)
        #expect(try folderEntries(home.work) == ["mine"])
    }

    @Test(arguments: ["missing", "home/include/heron/plugin.h"])
    func aParentThatCannotBeWrittenToIsNamed(_ parent: String) async throws {
        let home = try await TemplateHome.install()
        let template = try PluginTemplate(.c, heronHome: home.home)
        let error = #expect(throws: FileError.self) {
            try template.make("mine", in: "\(home.scratch.path)/\(parent)")
        }
        #expect(error?.path == "\(home.scratch.path)/\(parent)/mine")
    }

    @Test func anInstallationWithoutTemplatesIsNamed() async throws {
        let scratch = try Scratch()
        let error = #expect(throws: TemplateError.self) { try PluginTemplate(.c, heronHome: scratch.path) }
        #expect(error?.reason == .missingTemplate)
        #expect(error?.description.contains("\(scratch.path)/share/heron/templates/c; install heron again") == true)
    }

    @Test func nothingRemainsOfAFailure() async throws {
        let home = try await TemplateHome.install()
        symlink("/etc/passwd", "\(home.home)/share/heron/templates/c/zz")
        let error = #expect(throws: TemplateError.self) { try home.make("mine", .c) }
        #expect(error?.reason == .missingTemplate)
        #expect(try folderEntries(home.work) == [])
    }

    @Test(.enabled(if: hasHeron, "needs the product heron")) func theCommandNeedsAnInstallation() async throws {
        let home = try await TemplateHome.install()
        for (arguments, code, message) in [
            (["mine", "--language", "c"], 1 as Int32, "Required file not found"),
            (["mine", "--language", "cobol"], 2, "one of 'c' and 'swift'"),
            (["mine"], 2, "'--language <language>'"),
            (["mine", "--language", "c", "--directory", ""], 2, "--directory must not be empty"),
        ] {
            let result = try await home.complete([heron, "plugin", "new"] + arguments, in: home.work)
            #expect(result.status == .exited(code))
            let error = String(decoding: result.error, as: UTF8.self)
            #expect(error.contains(message) && error.split(separator: "\n").count == 1, "\(error)")
        }
        #expect(try folderEntries(home.work) == [])
    }
}
