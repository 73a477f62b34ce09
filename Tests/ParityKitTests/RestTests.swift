import ParityKit
import Testing

extension Judge {
  /// When a program is idle, and what it is when it never is.
  @Suite struct RestTests {
    @Test("A server that wakes ten times a second, and moves nothing, is idle")
    func ticks() async throws {
      let steps: [Step] = [
        .connect("a"), .receive("a", .nothing(milliseconds: 300)), .receive("a", .count(1), within: 500),
      ]
      let scenario = Scenario("ticks", steps: steps + Scenario.exchange("again").steps.dropFirst())
      let report = try await FaultyProgram.judge("ticks", scenario, timeout: .seconds(4))
      #expect(report.verdict == .same && report.results.first?.troubles == [], "\(report.text())")
    }

    @Test("A server that uses the processor after its client has left is a difference of the leftovers")
    func burning() async throws {
      let report = try await FaultyProgram.judge("burn", .exchange(), timeout: .seconds(10))
      #expect(report.verdict == .different && report.differingChannels == [.leftovers], "\(report.text())")
      let difference = try #require(report.difference(.leftovers))
      #expect(difference.right.first == "⟨a process that uses the processor and moves nothing⟩")
    }

    @Test("A worker that starts after the server listens is not left over")
    func lateWorker() async throws {
      let report = try await FaultyProgram.judge("late-worker", against: "late-worker", .exchange())
      #expect(report.verdict == .same, "\(report.text())")
      #expect(report.results.first?.left.leftovers == [] && report.results.first?.right.leftovers == [])
    }

    @Test("A daemon is followed: signals reach it, and its exit is known")
    func daemons() async throws {
      let stop = Scenario("stop", steps: Scenario.exchange().steps + [.signal(.terminate), .waitForExit(within: 500)])
      let report = try await FaultyProgram.judge("daemon", against: "daemon", stop)
      #expect(report.verdict == .same, "\(report.text())")
      #expect(report.results.first?.left.exits == [.exited(0), .exited(0)])
      #expect(report.results.first?.vacuous == [])
      #expect(try await FaultyProgram.processCount() == 0)
    }

    @Test("Peak memory is the program's own, not the judge's")
    func peakMemory() throws {
      let steps: [Step] = [.input("hello\n"), .settle(milliseconds: 20), .endInput, .waitForExit()]
      let transcript = Program(words: ["cat"]).play(Scenario("cat", role: .filter, steps: steps))
      #expect(transcript.output == Array("hello\n".utf8))
      #expect((1..<(8 << 20)).contains(transcript.cost.peakMemory), "\(transcript.cost.peakMemory)")
    }
  }
}
