import ParityKit
import ParityTesting
import Testing

extension Judge {
  /// The steps from the originals in C to Swift: each one is the same as the one before, except that the first one has
  /// the faults of programs that tutorials print.
  @Suite struct OriginalsTests {
    @Test("Each step serves and asks like the one before it, down to its system calls", arguments: Originals.pairs)
    func steps(left: String, right: String) async throws {
      for role in ["greeting-server", "greeting-client", "message-server", "message-client"] {
        let scenarios = role.hasSuffix("client") ? Originals.clients : Originals.servers
        let report = await expectParity(try await Originals.comparison(left, right, role, scenarios))
        #expect(report.verdict == .same && report.channels.contains(.calls), "\(role)")
      }
    }

    @Test("No C function is left in the last step, and Swift answers for C in the one before it")
    func symbols() async throws {
      _ = try await Originals.command("pure", "message-server")
      func table(_ program: String) async throws -> String {
        try await Script.output("nm", ["--defined-only", "\(Originals.built)/debug/\(program)"])
      }
      #expect(try await !table("pure").contains(" original_"))
      #expect(try await table("packaged").contains(" T original_copy"))
      let swapped = try await table("swapped")
      #expect(swapped.contains(" T original_copy") && swapped.contains("6Ported"))
    }

    @Test("The judge shows each fault of the programs that tutorials print", arguments: Originals.faults)
    func faults(fault: Originals.Fault) async throws {
      var comparison = try await Originals.comparison("printed", "callable", fault.role, [fault.scenario])
      comparison.channels = [.wire, .output, .exit]
      let report = await comparison.run()
      let first = try #require(report.difference(fault.channel), "\(report)")
      let difference = try #require(
        ([first] + first.others).first { [nil, $0.observation].contains(fault.observation) }, "\(first)")
      #expect(difference.left.allSatisfy { $0.hasPrefix(fault.printed) }, "\(difference.left)")
      #expect(difference.right.allSatisfy { $0.hasPrefix(fault.callable) }, "\(difference.right)")
    }

    @Test("The first two steps are the same to a peer that sends a line at once")
    func lines() async throws {
      for (role, scenarios) in [
        ("greeting-server", ["send-a-line", "split-at-3", "two-clients"]), ("message-server", ["send-a-line"]),
        ("greeting-client", ["answers", "dribbles"]), ("message-client", ["answers", "greets"]),
      ] {
        var comparison = try await Originals.comparison("printed", "callable", role, scenarios)
        comparison.channels = [.wire, .output, .exit]
        await expectParity(comparison)
      }
    }
  }
}
