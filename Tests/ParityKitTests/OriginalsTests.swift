import Glibc
import ParityKit
import ParityTesting
import Testing

extension Judge {
  /// The steps from the originals in C to Swift: each one is the same as the one before, except that the first one has
  /// the faults of programs that tutorials print.
  @Suite struct OriginalsTests {
    static let pairs = Array(zip(Originals.steps, Originals.steps.dropFirst()))
    /// All scenarios of the judge, or those that reach each part of these programs.
    static let plays = unsafe getenv("DIPTYCH_LONG") != nil
    static let servers = plays ? [] : ["send-a-line", "bytes-0-to-255", "split-at-3", "reset-amid-data", "port-taken"]
    static let clients = plays ? [] : ["answers", "bytes-0-to-255", "dribbles", "resets-amid-an-answer", "refused"]

    @Test("Each step serves and asks like the one before it, down to its system calls", arguments: pairs)
    func steps(left: String, right: String) async throws {
      for role in ["greeting-server", "greeting-client", "message-server", "message-client"] {
        let scenarios = role.hasSuffix("client") ? Self.clients : Self.servers
        let report = await expectParity(try await Originals.comparison(left, right, role, scenarios))
        #expect(report.verdict == .same && report.channels.contains(.calls), "\(role)")
      }
    }

    @Test("No C function is left in the last step, and Swift answers for C in the one before it")
    func symbols() async throws {
      _ = try await Originals.command("pure", "message-server")
      let table = { try await Script.output("nm", ["--defined-only", "\(Originals.built)/debug/\($0)"]) }
      #expect(try await !table("pure").contains(" original_"))
      #expect(try await table("packaged").contains(" T original_copy"))
      let swapped = try await table("swapped")
      #expect(swapped.contains(" T original_copy") && swapped.contains("6Ported"))
    }

    /// A fault of the first step: what the judge shows in a scenario.
    struct Fault: Sendable, CustomTestStringConvertible {
      let fault: String
      let role: String
      let scenario: String
      let channel: Channel
      let printed: String
      let callable: String
      var testDescription: String { fault }
    }

    static let faults = [
      Fault(
        fault: "a message in two segments is cut", role: "message-server", scenario: "split-at-3", channel: .output,
        printed: "hel\\n", callable: "hello\\n\\n"),
      Fault(
        fault: "the server answers before the message is complete", role: "message-server", scenario: "stall",
        channel: .wire, printed: "I got your message⟨end⟩⟨sends lo\\n⟩⟨half-closes⟩",
        callable: "⟨silence⟩⟨sends lo\\n⟩⟨half-closes⟩I got your message⟨end⟩"),
      Fault(
        fault: "printf stops at a NUL", role: "message-server", scenario: "bytes-0-to-255", channel: .output,
        printed: "\\n", callable: "\\0\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\t\\n\\n"),
      Fault(
        fault: "a reset while data is missing is success", role: "message-server", scenario: "reset-amid-data",
        channel: .exit, printed: "⟨exited with status 0⟩", callable: "⟨exited with status 1⟩"),
      Fault(
        fault: "a server can't start again while connections of the last one end", role: "message-server",
        scenario: "restart", channel: .exit, printed: "⟨exited with status 0⟩⟨exited with status 1⟩",
        callable: "⟨ended by SIGKILL⟩⟨exited with status 0⟩"),
      Fault(
        fault: "a reset kills the server without a reason", role: "greeting-server", scenario: "reset-at-once",
        channel: .exit, printed: "⟨exited with status 0⟩", callable: "⟨exited with status 1⟩"),
      Fault(
        fault: "a failure is printed among the data", role: "greeting-server", scenario: "port-taken",
        channel: .output, printed: "Error: bind failed\\n", callable: ""),
      Fault(
        fault: "fputs stops at a NUL", role: "greeting-client", scenario: "bytes-0-to-255", channel: .output,
        printed: "", callable: "\\0\\x01\\x02"),
      Fault(
        fault: "a failed read is success", role: "greeting-client", scenario: "resets-amid-an-answer",
        channel: .exit, printed: "⟨exited with status 0⟩", callable: "⟨exited with status 1⟩"),
      Fault(
        fault: "an answer in two segments is cut", role: "message-client", scenario: "answer-split-at-3",
        channel: .output, printed: "hel\\n", callable: "hello\\n\\n"),
      Fault(
        fault: "a refused connection is success", role: "message-client", scenario: "refused", channel: .exit,
        printed: "⟨exited with status 0⟩", callable: "⟨exited with status 1⟩"),
    ]

    @Test("The judge shows each fault of the programs that tutorials print", arguments: faults)
    func faults(of fault: Fault) async throws {
      var comparison = try await Originals.comparison("printed", "callable", fault.role, [fault.scenario])
      comparison.channels = [.wire, .output, .exit]
      let report = await comparison.run()
      let difference = try #require(report.difference(fault.channel), "\(report)")
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
