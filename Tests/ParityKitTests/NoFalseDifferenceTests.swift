import ParityKit
import Testing

extension Judge {
  /// Programs that behave the same get the verdict "same", although their output varies from run to run.
  @Suite struct NoFalseDifferenceTests {
    @Test("A server is the same as itself in every bundled scenario")
    func servers() async throws {
      let program = try await FaultyProgram.program("none")
      let report = await Comparison(program, program).run()
      #expect(report.verdict == .same, "\(report.text())")
      #expect(report.results.count == Scenario.bundled(for: .server).count && report.results.count >= 25)
    }

    @Test("A client is the same as itself in every bundled scenario")
    func clients() async throws {
      let program = try await FaultyProgram.program("none", as: .client)
      let report = await Comparison(program, program, role: .client).run()
      #expect(report.verdict == .same, "\(report.text())")
    }

    @Test("A filter is the same as itself in every bundled scenario")
    func filters() async throws {
      let program = try await FaultyProgram.program("none", as: .filter)
      let report = await Comparison(program, program, role: .filter).run()
      #expect(report.verdict == .same, "\(report.text())")
    }

    @Test(
      "Noise of both sides is masked and shown, on the wire and on standard output",
      arguments: ["pid", "time", "random"])
    func noise(kind: String) async throws {
      let report = try await FaultyProgram.judge(kind, against: kind, .exchange(), channels: Channel.allCases)
      #expect(report.verdict == .same, "\(report.text())")
      for channel in [Channel.wire, .output] {
        guard case .same(let masks)? = report.finding(channel) else { continue }
        #expect(!masks.isEmpty, "\(channel) shows no mask")
      }
      #expect(report.text().contains("masked, because it varies"))
    }

    @Test("Noise of one side only is a difference, and noise does not hide a difference beside it")
    func oneSidedNoise() async throws {
      async let beside = FaultyProgram.judge("time", against: "pid", .exchange())
      let report = try await FaultyProgram.judge("pid", against: "fixed-pid", .exchange())
      #expect(report.verdict == .different && report.differingChannels == [.wire, .output])
      #expect(report.difference(.output)?.note == "only the right varies from run to run")
      #expect(try await beside.verdict == .different)
    }

    @Test("Exit statuses that are random on both sides vary")
    func randomStatus() async throws {
      let stop = Scenario("stop", steps: [.signal(.terminate), .waitForExit()])
      let program = try await FaultyProgram.program("random-status")
      var comparison = Comparison(program, program, scenarios: [stop])
      comparison.channels = [.exit]
      // One run of each side is the same once in 256 times.
      comparison.repeats = 4
      let report = await comparison.run()
      #expect(report.verdict == .varies)
      guard case .varies? = report.finding(.exit) else {
        Issue.record("it does not vary: \(report.text())")
        return
      }
    }

    @Test("A server that starts slowly is the same")
    func slowStart() async throws {
      #expect(try await FaultyProgram.judge("slow", .exchange(), channels: Channel.allCases).verdict == .same)
    }

    @Test("The order in which two processes close a connection is no difference")
    func forkingServers() async throws {
      let exchange = Scenario.exchange().steps
      let report = try await FaultyProgram.judge(
        "fork", against: "fork", Scenario("twice", steps: exchange + exchange), channels: Channel.allCases)
      #expect(report.verdict == .same && report.finding(.calls) == .same(masks: []), "\(report.text())")
    }
  }
}
