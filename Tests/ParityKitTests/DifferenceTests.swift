import ParityKit
import Testing

extension Judge {
  /// Each fault of the faulty program is found in its channel, and in no other one.
  @Suite struct DifferenceTests {
    @Test("A changed byte is a difference of the wire")
    func changedByte() async throws {
      let report = try await FaultyProgram.judge("byte", .exchange())
      #expect(report.verdict == .different && report.differingChannels == [.wire])
      let difference = try #require(report.difference(.wire))
      #expect(difference.observation == "connection a" && difference.left != difference.right)
      #expect(
        difference.left.allSatisfy { $0.hasPrefix("hello") } && difference.right.allSatisfy { $0.hasPrefix("hemlo") })
    }

    @Test("A lost byte is a difference of the wire, only for payloads that lose one")
    func lostByte() async throws {
      let small = try await FaultyProgram.judge("tail", .exchange("4096", Payload(.text("x"), times: 4096)))
      #expect(small.verdict == .same)
      let large = try await FaultyProgram.judge("tail", .exchange("4097", Payload(.text("x"), times: 4097)))
      #expect(large.verdict == .different && large.differingChannels == [.wire])
    }

    @Test("A reset instead of an end is a difference of the wire")
    func reset() async throws {
      let report = try await FaultyProgram.judge("reset", .exchange())
      #expect(report.verdict == .different && report.differingChannels == [.wire])
      let difference = try #require(report.difference(.wire))
      #expect(difference.left.first?.contains("⟨end⟩") == true && difference.right.first?.contains("⟨reset⟩") == true)
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

    @Test("Another exit status is a difference of the exit")
    func exitStatus() async throws {
      let report = try await FaultyProgram.judge(
        "status", Scenario("stop", steps: [.signal(.terminate), .waitForExit()]))
      #expect(report.verdict == .different && report.differingChannels == [.exit])
      #expect(report.difference(.exit)?.right.first == "⟨exited with status 3⟩")
    }

    @Test("A line on standard error is a difference of the output")
    func standardError() async throws {
      let report = try await FaultyProgram.judge("stderr", .exchange())
      #expect(report.verdict == .different && report.differingChannels == [.output])
      #expect(report.difference(.output)?.observation == "standard error")
      #expect(report.difference(.output)?.right.first == "warning\\n")
    }

    @Test("A leaked descriptor is a difference of the leftovers")
    func leakedDescriptor() async throws {
      let report = try await FaultyProgram.judge("descriptor", .exchange())
      #expect(report.verdict == .different && report.differingChannels == [.leftovers])
      #expect(report.difference(.leftovers)?.right.first == "⟨1 more open: /dev/null⟩")
    }

    @Test("A child that keeps running is a difference of the leftovers, and is killed")
    func leakedChild() async throws {
      let report = try await FaultyProgram.judge("child", .exchange())
      #expect(report.verdict == .different)
      #expect(report.difference(.leftovers)?.right.first?.contains("process faulty") == true)
      #expect(try await FaultyProgram.processCount() == 0, "a process of the program is still running")
    }

    @Test("A file that stays is a difference of the leftovers")
    func file() async throws {
      let report = try await FaultyProgram.judge("file", .exchange())
      #expect(report.verdict == .different && report.differingChannels == [.leftovers])
      #expect(report.difference(.leftovers)?.right.first == "⟨file left⟩")
    }

    @Test("A fault for the second client only is found with two clients")
    func secondClient() async throws {
      let exchange = Scenario.exchange().steps
      #expect(try await FaultyProgram.judge("second", .exchange()).verdict == .same)
      let report = try await FaultyProgram.judge("second", Scenario("twice", steps: exchange + exchange))
      #expect(report.verdict == .different && report.differingChannels == [.wire])
      #expect(report.difference(.wire)?.observation == "connection a #2")
    }

    @Test("A fault for NUL bytes only is found with a NUL byte")
    func nulByte() async throws {
      #expect(try await FaultyProgram.judge("nul", .exchange()).verdict == .same)
      let report = try await FaultyProgram.judge("nul", .exchange("nul", Payload(.bytes([104, 0, 105]))))
      #expect(report.verdict == .different && report.differingChannels == [.wire])
    }

    @Test("A line that is printed on SIGTERM is a difference of the output")
    func termination() async throws {
      #expect(try await FaultyProgram.judge("term", .exchange()).verdict == .same)
      let stop = Scenario("stop", steps: Scenario.exchange().steps + [.signal(.terminate), .waitForExit()])
      let report = try await FaultyProgram.judge("term", stop)
      #expect(report.verdict == .different && report.differingChannels == [.output])
      #expect(report.difference(.output)?.right.first == "stopping\\n")
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
      #expect(try await FaultyProgram.judge("none", scenario).verdict == .same)
      #expect(try await FaultyProgram.judge("byte", scenario).differingChannels == [.wire])
      #expect(try await FaultyProgram.judge("stderr", scenario).differingChannels == [.output])
      let refused = Scenario("refused", role: .client, steps: [.waitForExit()])
      #expect(try await FaultyProgram.judge("none", refused).verdict == .same)
      #expect(try await FaultyProgram.judge("status", refused).differingChannels == [.exit])
    }

    @Test("Faults of a filter are found")
    func filter() async throws {
      let scenario = Scenario("a line", role: .filter, steps: [.input("hello\n"), .endInput, .waitForExit()])
      #expect(try await FaultyProgram.judge("none", scenario).verdict == .same)
      #expect(try await FaultyProgram.judge("byte", scenario).differingChannels == [.output])
      #expect(try await FaultyProgram.judge("status", scenario).differingChannels == [.exit])
    }
  }
}
