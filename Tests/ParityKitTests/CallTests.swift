import ParityKit
import Subprocess
import SystemPackage
import Testing

extension Judge {
  /// Differences that only the system calls show, and costs.
  @Suite struct CallTests {
    @Test("A write that is split in two is a difference of the calls only")
    func splitWrite() async throws {
      let report = try await FaultyProgram.judge("split", .exchange(), channels: Channel.allCases)
      #expect(report.verdict == .different && report.differingChannels == [.calls], "\(report.text())")
      let difference = try #require(report.difference(.calls))
      #expect(difference.observation == "connection a" && difference.note == "one write split in two")
      #expect(difference.left.first == "6" && difference.right.first == "3⟨write⟩3")
      let merged = try await FaultyProgram.judge("none", against: "split", .exchange(), channels: Channel.allCases)
      #expect(merged.difference(.calls)?.note == "two writes merged into one")
    }

    @Test("Different calls are noted, and decide only if it is asked for")
    func notedCalls() async throws {
      var comparison = Comparison(
        try await FaultyProgram.program("none"), try await FaultyProgram.program("split"), scenarios: [.exchange()])
      let report = await comparison.run()
      #expect(report.verdict == .same && report.issues.isEmpty, "\(report.text())")
      #expect(report.text().contains("system calls differ in 1 of 1 scenarios"), "\(report.text())")
      guard case .noted(let difference)? = report.finding(.calls) else {
        Issue.record("not noted: \(report.text())")
        return
      }
      #expect(difference.note == "one write split in two")
      let read = try Report(json: report.json)
      #expect(read.text() == report.text() && read.verdict == .same)
      comparison.strictCalls = true
      #expect(await comparison.run().verdict == .different)
    }

    @Test(
      "An additional or other call is a difference of the calls only",
      arguments: [
        ("option", "connection a", "⟨setsockopt SO_KEEPALIVE = 1⟩"), ("shutdown", "connection a", "⟨shutdown SHUT_WR⟩"),
        ("backlog", "listener", "⟨listen 5 may wait⟩"),
      ])
    func callDifferences(fault: String, observation: String, call: String) async throws {
      let report = try await FaultyProgram.judge(fault, .exchange(), channels: Channel.allCases)
      #expect(report.verdict == .different && report.differingChannels == [.calls], "\(report.text())")
      let difference = try #require(report.difference(.calls))
      #expect(difference.observation == observation && difference.note == nil && difference.offset == 0)
      #expect(difference.right.first?.contains(call) == true)
      #expect(difference.left.first?.contains(call) == false)
    }

    @Test("How bulk data is split into calls is not compared")
    func bulk() async throws {
      let bulk = Payload(.text("x"), times: 100_000)
      #expect(
        try await FaultyProgram.judge("split", .exchange("bulk", bulk), channels: Channel.allCases).verdict == .same)
    }

    @Test("A known difference hides no other one")
    func knownDifference() async throws {
      var comparison = Comparison(
        try await FaultyProgram.program("none"), try await FaultyProgram.program("backlog"), scenarios: [.exchange()])
      comparison.strictCalls = true
      comparison.rules = try MaskRule.list(
        yaml: "- {channel: calls, difference: 'listen 5', reason: fewer may wait}")
      let report = await comparison.run()
      #expect(report.verdict == .same && report.differingChannels == [.calls], "\(report.text())")
      comparison.right = try await FaultyProgram.program("backlog-split")
      let other = await comparison.run()
      #expect(other.verdict == .different && other.difference(.calls)?.observation == "connection a", "\(other.text())")
    }

    @Test("Costs are compared only with a limit")
    func costLimits() async throws {
      var comparison = Comparison(
        try await FaultyProgram.program("none"), try await FaultyProgram.program("busy"), scenarios: [.exchange()])
      comparison.channels = [.wire, .cost]
      #expect(await comparison.run().verdict == .same)
      comparison.costLimits = ResourceLimits(memory: 5, calls: 2)
      let report = await comparison.run()
      #expect(report.verdict == .different && report.differingChannels == [.cost])
      #expect(report.difference(.cost)?.observation == "system calls")
      (comparison.left, comparison.right) = (comparison.right, comparison.left)
      #expect(await comparison.run().verdict == .same)
    }

    @Test("Without strace the calls are not judged")
    func missingStrace() async throws {
      let folder = try await Script.products()
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
        result.standardOutput.contains("calls not judged (strace is not installed; its Debian package is strace)"),
        "\(result.standardOutput)")
    }
  }
}
