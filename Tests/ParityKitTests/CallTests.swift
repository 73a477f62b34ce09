import ParityKit
import Subprocess
import SystemPackage
import Testing

extension Judge {
  /// What only the system calls tell.
  @Suite struct CallTests {
    @Test func oneWriteSplitInTwo() async throws {
      let report = try await FaultyProgram.judge("split", .talk(), channels: Channel.allCases)
      #expect(report.verdict == .different && report.parted == [.calls], "\(report.text())")
      let difference = try #require(report.difference(.calls))
      #expect(difference.trace == "connection a" && difference.note == "one write split in two")
      #expect(difference.left.first == "6" && difference.right.first == "3⟨write⟩3")
      let merged = try await FaultyProgram.judge("none", against: "split", .talk(), channels: Channel.allCases)
      #expect(merged.difference(.calls)?.note == "two writes merged into one")
    }

    @Test(arguments: [
      ("option", "connection a", "⟨setsockopt SO_KEEPALIVE = 1⟩"), ("shutdown", "connection a", "⟨shutdown SHUT_WR⟩"),
      ("backlog", "listener", "⟨listen 5 may wait⟩"),
    ])
    func oneCallMoreOrAnother(fault: String, trace: String, call: String) async throws {
      let report = try await FaultyProgram.judge(fault, .talk(), channels: Channel.allCases)
      #expect(report.verdict == .different && report.parted == [.calls], "\(report.text())")
      let difference = try #require(report.difference(.calls))
      #expect(difference.trace == trace && difference.note == nil && difference.offset == 0)
      #expect(difference.right.first?.contains(call) == true)
      #expect(difference.left.first?.contains(call) == false)
    }

    /// How bulk is cut is up to the kernel.
    @Test func bulkIsNotCutInPieces() async throws {
      let bulk = Payload(.text("x"), times: 100_000)
      #expect(try await FaultyProgram.judge("split", .talk("bulk", bulk), channels: Channel.allCases).verdict == .same)
    }

    @Test func aDifferenceThatIsKnownHidesNoOther() async throws {
      var comparison = Comparison(
        try await FaultyProgram.program("none"), try await FaultyProgram.program("backlog"), scenarios: [.talk()])
      comparison.allowances = try MaskRule.list(
        yaml: "- {channel: calls, difference: 'listen 5', reason: fewer may wait}")
      let report = await comparison.run()
      #expect(report.verdict == .same && report.parted == [.calls], "\(report.text())")
      comparison.right = try await FaultyProgram.program("backlog-split")
      let other = await comparison.run()
      #expect(other.verdict == .different && other.difference(.calls)?.trace == "connection a", "\(other.text())")
    }

    @Test func costsHaveLimitsWhereTheUserSetsThem() async throws {
      var comparison = Comparison(
        try await FaultyProgram.program("none"), try await FaultyProgram.program("busy"), scenarios: [.talk()])
      comparison.channels = [.wire, .cost]
      #expect(await comparison.run().verdict == .same)
      comparison.costLimits = ResourceLimits(memory: 5, calls: 2)
      let report = await comparison.run()
      #expect(report.verdict == .different && report.parted == [.cost])
      #expect(report.difference(.cost)?.trace == "system calls")
      (comparison.left, comparison.right) = (comparison.right, comparison.left)
      #expect(await comparison.run().verdict == .same)
    }

    /// Without strace, calls are not judged, and never same.
    @Test func callsAreNeverSameUnseen() async throws {
      let folder = try await FaultyProgram.products()
      let faulty = folder.appending("faulty").string
      let result = try await run(
        .path(folder.appending("parity")),
        arguments: [
          "compare", "--only", "send-a-line", "--left", "\(faulty) server {port} none", "--right",
          "\(faulty) server {port} split",
        ],
        environment: .inherit.updating(["PATH": "/nowhere"]), output: .string(limit: 1 << 20),
        error: .string(limit: 1 << 20))
      #expect(result.terminationStatus == .exited(0), "\(result.standardError)")
      #expect(
        result.standardOutput.contains("calls not judged (strace is not here: Debian's package is strace)"),
        "\(result.standardOutput)")
    }
  }
}
