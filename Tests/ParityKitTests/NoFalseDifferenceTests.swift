import ParityKit
import Testing

extension Judge {
  /// Programs that behave the same come out same, whatever varies from run to run.
  @Suite struct NoFalseDifferenceTests {
    @Test func theSameProgramInEveryBundledScenario() async throws {
      let program = try await FaultyProgram.program("none")
      let report = await Comparison(program, program).run()
      #expect(report.verdict == .same, "\(report.text())")
      #expect(report.judgements.count == Scenario.bundled(for: .server).count && report.judgements.count >= 25)
    }

    @Test func theSameClientInEveryBundledScenario() async throws {
      let program = try await FaultyProgram.program("none", as: .client)
      let report = await Comparison(program, program, role: .client).run()
      #expect(report.verdict == .same, "\(report.text())")
    }

    @Test func theSameFilterInEveryBundledScenario() async throws {
      let program = try await FaultyProgram.program("none", as: .filter)
      let report = await Comparison(program, program, role: .filter).run()
      #expect(report.verdict == .same, "\(report.text())")
    }

    /// On the wire and on standard output.
    @Test(arguments: ["pid", "time", "random"])
    func noiseIsMaskedAndShown(kind: String) async throws {
      let report = try await FaultyProgram.judge(kind, against: kind, .talk(), channels: Channel.allCases)
      #expect(report.verdict == .same, "\(report.text())")
      for channel in [Channel.wire, .output] {
        guard case .same(let masks)? = report.finding(channel) else { continue }
        #expect(!masks.isEmpty, "\(channel) shows no mask")
      }
      #expect(report.text().contains("masked, as it varies"))
    }

    @Test func noiseOnOneSideIsADifference() async throws {
      let report = try await FaultyProgram.judge("pid", against: "fixed-pid", .talk())
      #expect(report.verdict == .different && report.parted == [.wire, .output])
      #expect(report.difference(.output)?.note == "only the right varies from run to run")
    }

    /// Noise hides nothing beside it.
    @Test func aDifferenceBesideNoiseIsSeen() async throws {
      let report = try await FaultyProgram.judge("time", against: "pid", .talk())
      #expect(report.verdict == .different)
    }

    @Test func whatVariesAndIsNoTextCannotBeJudged() async throws {
      let stop = Scenario("stop", steps: [.signal(.terminate), .waitForExit()])
      let report = try await FaultyProgram.judge("random-status", against: "random-status", stop)
      #expect(report.verdict == .notJudged)
      guard case .unstable? = report.finding(.exit) else {
        Issue.record("not unstable: \(report.text())")
        return
      }
    }

    @Test func slowStarters() async throws {
      #expect(try await FaultyProgram.judge("slow", .talk(), channels: Channel.allCases).verdict == .same)
    }

    /// Who of two processes closes a connection first is chance.
    @Test func forkingServers() async throws {
      let talk = Scenario.talk().steps
      let report = try await FaultyProgram.judge(
        "fork", against: "fork", Scenario("twice", steps: talk + talk), channels: Channel.allCases)
      #expect(report.verdict == .same && report.finding(.calls) == .same(masks: []), "\(report.text())")
    }
  }
}
