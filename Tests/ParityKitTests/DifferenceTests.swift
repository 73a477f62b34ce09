import ParityKit
import Testing

extension Judge {
  /// Each fault of the faulty program is found in its channel, and in no other one.
  @Suite struct DifferenceTests {
    /// A fault, a scenario that shows it, and what the report says of it.
    private struct Row {
      let fault: String
      let scenario: Scenario
      let channel: Channel
      let observation: String
      let left: String
      let right: String
      /// A scenario in which the fault does not show.
      var hidden: Scenario?
    }

    private static let stop: [Step] = [.signal(.terminate), .waitForExit()]

    private static let rows = [
      Row(
        fault: "byte", scenario: .exchange(), channel: .wire, observation: "connection a", left: "hello",
        right: "hemlo"),
      Row(
        fault: "tail", scenario: .exchange("4097", Payload(.text("x"), times: 4097)), channel: .wire,
        observation: "connection a", left: "x", right: "",
        hidden: .exchange("4096", Payload(.text("x"), times: 4096))),
      Row(
        fault: "reset", scenario: .exchange(), channel: .wire, observation: "connection a", left: "⟨end⟩",
        right: "⟨reset⟩"),
      Row(
        fault: "status", scenario: Scenario("stop", steps: stop), channel: .exit, observation: "exit",
        left: "⟨exited with status 0⟩", right: "⟨exited with status 3⟩"),
      Row(
        fault: "stderr", scenario: .exchange(), channel: .output, observation: "standard error", left: "",
        right: "warning\\n"),
      Row(
        fault: "descriptor", scenario: .exchange(), channel: .leftovers, observation: "leftovers", left: "",
        right: "⟨1 more open: /dev/null⟩"),
      Row(
        fault: "file", scenario: .exchange(), channel: .leftovers, observation: "leftovers", left: "",
        right: "⟨file left⟩"),
      Row(
        fault: "second", scenario: Scenario("twice", steps: Scenario.exchange().steps + Scenario.exchange().steps),
        channel: .wire, observation: "connection a #2", left: "hello", right: "2ello", hidden: .exchange()),
      Row(
        fault: "nul", scenario: .exchange("nul", Payload(.bytes([104, 0, 105]))), channel: .wire,
        observation: "connection a", left: "\\0i", right: "", hidden: .exchange()),
      Row(
        fault: "term", scenario: Scenario("stop", steps: Scenario.exchange().steps + stop), channel: .output,
        observation: "standard output", left: "", right: "stopping\\n", hidden: .exchange()),
    ]

    @Test("Each fault is a difference of one channel, which shows both texts, and only where the fault shows")
    func faults() async throws {
      let hidden = Self.rows.compactMap { row in row.hidden.map { (row.fault, $0) } }
      async let others = FaultyProgram.judge(atOnce: hidden)
      let reports = try await FaultyProgram.judge(atOnce: Self.rows.map { ($0.fault, $0.scenario) })
      for (row, report) in zip(Self.rows, reports) {
        #expect(report.verdict == .different && report.differingChannels == [row.channel], "\(report.text())")
        let difference = try #require(report.difference(row.channel), "\(row.fault)")
        #expect(difference.observation == row.observation, "\(report.text())")
        #expect(difference.left.allSatisfy { row.left.isEmpty ? $0.isEmpty : $0.contains(row.left) }, "\(difference)")
        #expect(difference.right.allSatisfy { row.right.isEmpty || $0.contains(row.right) }, "\(difference)")
      }
      for report in try await others { #expect(report.verdict == .same, "\(report.text())") }
    }

    @Test("An early answer is a difference for a client that waits before it half-closes")
    func earlyAnswer() async throws {
      let steps: [Step] = [.connect("a"), .send("a", "hello\n"), .receive("a", .nothing(milliseconds: 100))]
      let report = try await FaultyProgram.judge("early", Scenario("wait", steps: steps + Scenario.end("a")))
      #expect(report.verdict == .different && report.differingChannels == [.wire])
      #expect(report.difference(.wire)?.left.first?.hasPrefix("⟨silence⟩") == true)
      // A client that does not wait receives the same bytes.
      #expect(try await FaultyProgram.judge("early", .exchange()).verdict == .same)
    }

    @Test("A child that keeps running is a difference of the leftovers, and is killed")
    func leakedChild() async throws {
      let report = try await FaultyProgram.judge("child", .exchange())
      #expect(report.verdict == .different)
      #expect(report.difference(.leftovers)?.right.first?.contains("process faulty") == true)
      #expect(try await FaultyProgram.processCount() == 0, "a process of the program is still running")
    }

    @Test("A missing answer is a difference of the wire")
    func noAnswer() async throws {
      let report = try await FaultyProgram.judge("hang", .exchange())
      #expect(report.verdict == .different && report.differingChannels.contains(.wire))
      #expect(report.difference(.wire)?.right.first?.contains("still open at the deadline") == true)
    }

    @Test("A side that hangs is reported with its step, and the scenario is not judged", arguments: ["hang", "spin"])
    func hang(fault: String) async throws {
      let steps: [Step] = [.connect("a"), .send("a", "hello\n"), .halfClose("a"), .receive("a", .end), .close("a")]
      let report = try await FaultyProgram.judge(fault, Scenario("to the end", steps: steps), timeout: .seconds(1))
      #expect(report.verdict == .notJudged)
      guard case .hung(let difference)? = report.finding(.wire) else {
        Issue.record("not hung: \(report.text())")
        return
      }
      #expect(difference.right.first?.contains("still open at the timeout") == true)
      #expect(report.results.first?.troubles == ["right hung at step 4: receive: {peer: a, until: end}"])
      #expect(report.finding(.leftovers)?.difference == nil)
    }

    @Test("A program that does not start is reported, and the scenario is not judged")
    func noStart() async throws {
      let report = try await FaultyProgram.judge("no-start", .exchange())
      #expect(report.verdict == .notJudged)
      #expect(report.results.first?.troubles.first?.contains("ended before it listened") == true)
      let missing = Comparison(
        Program(words: ["no-such-program", "{port}"]), try await FaultyProgram.program("none"), scenarios: [.exchange()]
      )
      #expect(await missing.run().verdict == .notJudged)
    }

    @Test("Faults of a client are found")
    func client() async throws {
      let steps: [Step] =
        [.listen(), .input("hello\n"), .endInput, .accept("a")]
        + [.receive("a", .end, within: 500), .send("a", "answer\n"), .close("a"), .waitForExit()]
      let scenario = Scenario("answer", role: .client, steps: steps)
      let refused = Scenario("refused", role: .client, steps: [.waitForExit()])
      async let none = FaultyProgram.judge("none", scenario)
      async let byte = FaultyProgram.judge("byte", scenario)
      async let stderr = FaultyProgram.judge("stderr", scenario)
      async let noneRefused = FaultyProgram.judge("none", refused)
      async let status = FaultyProgram.judge("status", refused)
      #expect(try await none.verdict == .same)
      #expect(try await byte.differingChannels == [.wire])
      #expect(try await stderr.differingChannels == [.output])
      #expect(try await noneRefused.verdict == .same)
      #expect(try await status.differingChannels == [.exit])
    }

    @Test("Faults of a filter are found")
    func filter() async throws {
      let scenario = Scenario("a line", role: .filter, steps: [.input("hello\n"), .endInput, .waitForExit()])
      async let none = FaultyProgram.judge("none", scenario)
      async let byte = FaultyProgram.judge("byte", scenario)
      async let status = FaultyProgram.judge("status", scenario)
      #expect(try await none.verdict == .same)
      #expect(try await byte.differingChannels == [.output])
      #expect(try await status.differingChannels == [.exit])
    }
  }
}
