import Glibc
import MesosProtocol
import Testing

@testable import MesosFramework

/// The offers of a real master, matched with a container that needs all that they have.
@Suite(.enabled(if: GoldenOffers.folder != nil, "HERON_GOLDEN is not set: no offers made by Mesos"))
struct GoldenOfferTests {
    @Test(arguments: GoldenOffers.recordings) func aWholeOfferComesBackAsItWas(_ recording: String) throws {
        for offer in try GoldenOffers.offers(in: recording) {
            let match = OfferMatcher().match([GoldenOffers.need(of: offer)], [offer])
            #expect(match.reasons == [:] && match.unused == [])
            let placement = try #require(match.placement(of: 1))
            let order = ["cpus", "mem", "disk", "ports"]
            let expected = order.flatMap { name in
                let named = offer.resources.filter { $0.name == name }
                return named.filter { $0.reservationDepth > 0 } + named.filter { $0.reservationDepth == 0 }
            }
            #expect(placement.resources == expected)
        }
    }

    @Test(arguments: ["13b-reserve-stream", "13c-reserve-stream"]) func reservedCPUsGoFirst(_ name: String) throws {
        let offers = try GoldenOffers.offers(in: name)
        let offer = try #require(offers.first { $0.resources.contains { $0.reservationDepth > 0 } })
        let match = OfferMatcher().match([.of(1, cpus: 1.5), .of(2, cpus: 0.5, ports: 2)], [offer])
        #expect(match.placement(of: 1)?.resources.summary == "cpus(web):1; cpus:0.5")
        #expect(match.placement(of: 2)?.resources.summary == "cpus:0.5; ports:[31000-31001]")
    }

    @Test func agentsThatLeaveAreSeen() throws {
        let offers = try GoldenOffers.offers(in: "13-inverse-offers-stream")
        let leaving = try #require(offers.first { $0.hasUnavailability })
        let staying = try #require(offers.first { !$0.hasUnavailability && $0.agentID != leaving.agentID })
        let horizon = leaving.unavailability.start.nanoseconds / 1_000_000 + 1
        let busy = [staying.agentID.value: 9]
        let match = OfferMatcher().match(
            [.of(1, cpus: 1)],
            [leaving, staying],
            running: busy,
            maintenanceBefore: horizon
        )
        #expect(match.places == [1: staying.agentID.value])
    }
}

private enum GoldenOffers {
    static let folder: String? = getenv("HERON_GOLDEN").map { String(cString: $0) + "/mesos" }

    /// The names of recorded streams.
    static let recordings: [String] = {
        guard let folder, let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(suffix) { names.append(String(name.dropLast(suffix.count))) }
        }
        return names.sorted()
    }()

    private static let suffix = ".events.jsonl"

    static func offers(in recording: String) throws -> [MesosOffer] {
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        let marker = "\"event\": "
        return try read(recording).split(separator: "\n").flatMap { line -> [MesosOffer] in
            guard line.contains("\"type\": \"OFFERS\""), let start = line.firstRange(of: marker) else { return [] }
            let json = String(line[start.upperBound...].dropLast())
            return try MesosEvent(jsonString: json, options: options).offers.offers
        }
    }

    static func need(of offer: MesosOffer) -> ContainerNeed {
        func sum(_ name: String) -> Int64 {
            offer.resources.filter { $0.name == name }.reduce(0) { $0 + $1.thousandths }
        }
        let ranges = offer.resources.filter { $0.name == "ports" }.flatMap(\.ranges.range)
        return ContainerNeed(
            container: 1,
            milliCPUs: sum("cpus"),
            milliMemory: sum("mem"),
            milliDisk: sum("disk"),
            portCount: ranges.reduce(0) { $0 + Int($1.end - $1.begin) + 1 }
        )
    }

    private static func read(_ recording: String) throws -> String {
        let file = try #require(fopen("\(folder ?? "")/\(recording)\(suffix)", "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
