import Files
import Glibc
import Processes
import Synchronization
import Testing

@testable import MesosAPI

@Suite struct TLSTests {
    @Test func aTrustedMasterIsSubscribedAt() async throws {
        try await FakeMaster.use([accept()]) { master in
            try await TLSFront.use(for: master) { front in
                try await DriverHarness.use("https://localhost:\(front.port)", { $0.tls.caFile = front.caFile }) {
                    harness in
                    await harness.expectSubscribed()
                    #expect(harness.driver.master?.url == "https://localhost:\(front.port)")
                    #expect(await harness.outcome(of: call(.revive)) == .accepted)
                    let answer = try await harness.ask("{}").get()
                    #expect(answer.isEmpty)
                }
            }
        }
    }

    @Test func anUnknownAuthorityAndAnotherHostAreDenied() async throws {
        try await FakeMaster.use([accept()]) { master in
            try await TLSFront.use(for: master) { front in
                // The certificate is for localhost alone.
                let other = "https://127.0.0.1:\(front.port)"
                for (address, caFile) in [("https://localhost:\(front.port)", nil), (other, front.caFile)] {
                    try await DriverHarness.use(address, { $0.tls.caFile = caFile }) { harness in
                        #expect(await harness.denial()?.hasPrefix("TLS with ") == true)
                    }
                }
                try await DriverHarness.use(
                    other,
                    {
                        $0.tls.caFile = front.caFile
                        $0.tls.verifiesHost = false
                    }
                ) { harness in
                    await harness.expectSubscribed()
                }
            }
        }
    }

    @Test func filesThatCannotBeReadAreDenied() async throws {
        try await FakeMaster.use([accept()]) { master in
            try await TLSFront.use(for: master) { front in
                let address = "https://localhost:\(front.port)"
                try await DriverHarness.use(address, { $0.tls.caFile = "/nonexistent.pem" }) { harness in
                    #expect(await harness.denial()?.contains("/nonexistent.pem") == true)
                }
                try await DriverHarness.use(
                    address,
                    {
                        $0.tls.caFile = front.caFile
                        $0.tls.certificateFile = "/nonexistent.pem"
                    }
                ) { harness in
                    #expect(await harness.denial()?.contains("/nonexistent.pem") == true)
                }
            }
        }
    }

    @Test func aClientShowsItsCertificate() async throws {
        try await FakeMaster.use([accept()]) { master in
            try await TLSFront.use(for: master, wantsCertificate: true) { front in
                try await DriverHarness.use(
                    "https://localhost:\(front.port)",
                    {
                        $0.tls.caFile = front.caFile
                        $0.tls.certificateFile = front.caFile
                        $0.tls.keyFile = front.keyFile
                    }
                ) { harness in
                    await harness.expectSubscribed()
                }
            }
        }
    }
}

/// Speaks TLS for a ``FakeMaster``, as `localhost`: Python's, because it is there.
private struct TLSFront {
    let port: Int
    /// Of the certificate that it shows, which is its own authority.
    let caFile: String
    let keyFile: String

    /// Arguments: the master's port, the certificate, its key, whether clients have to show one. Says its own port.
    private static let script = """
        import asyncio, ssl, sys
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
        if sys.argv[4] == "true":
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(sys.argv[2])
        async def pump(reader, writer):
            try:
                while data := await reader.read(65536):
                    writer.write(data)
                    await writer.drain()
            except OSError:
                pass
            writer.close()
        async def serve(reader, writer):
            from_master, to_master = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
            await asyncio.gather(pump(reader, to_master), pump(from_master, writer))
        async def main():
            server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
            print(server.sockets[0].getsockname()[1], flush=True)
            await server.serve_forever()
        asyncio.run(main())
        """

    static func use(
        for master: FakeMaster,
        wantsCertificate: Bool = false,
        _ body: (TLSFront) async throws -> Void
    ) async throws {
        var template = Array("/tmp/heron-mesos-tls-XXXXXX".utf8CString)
        #expect(mkdtemp(&template) != nil)
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { try? removeTree(folder) }
        let (caFile, keyFile) = ("\(folder)/cert.pem", "\(folder)/key.pem")
        let made = try await ChildProcess.runToCompletion(
            executable: "openssl",
            arguments: [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", keyFile, "-out", caFile,
            ],
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(60)
        )
        try #require(made.status == .exited(0), "\(String(decoding: made.error, as: UTF8.self))")

        let (lines, said) = AsyncStream.makeStream(of: String.self)
        let pipe = try OutputPipe { data in said.yield(String(decoding: data, as: UTF8.self)) }
        let python = try ChildProcess.spawn(
            executable: "python3",
            arguments: ["-c", script, "\(master.port)", caFile, keyFile, "\(wantsCertificate)"],
            environment: ChildProcess.currentEnvironment(),
            newSession: true,
            stdout: pipe.output,
            stderr: .null
        )
        pipe.closeWriteEnd()
        do {
            var line = ""
            for await text in lines {
                line += text
                if line.hasSuffix("\n") { break }
            }
            let port = try #require(Int(line.dropLast()))
            try await body(TLSFront(port: port, caFile: caFile, keyFile: keyFile))
            await python.terminate(grace: .zero)
        } catch {
            await python.terminate(grace: .zero)
            throw error
        }
    }
}
