import ParityKit
import Testing

extension Judge {
  /// Differences that are planted one at a time are found, each in its channel and in no other.
  @Suite struct DifferenceTests {
    @Test func oneByteChanged() async throws {
      let report = try await FaultyProgram.judge("byte", .talk())
      #expect(report.verdict == .different && report.parted == [.wire])
      let difference = try #require(report.difference(.wire))
      #expect(difference.trace == "connection a" && difference.left != difference.right)
      #expect(
        difference.left.allSatisfy { $0.hasPrefix("hello") } && difference.right.allSatisfy { $0.hasPrefix("hemlo") })
    }

    @Test func lastByteLostOnlyAbove4KiB() async throws {
      let small = try await FaultyProgram.judge("tail", .talk("4096", Payload(.text("x"), times: 4096)))
      #expect(small.verdict == .same)
      let large = try await FaultyProgram.judge("tail", .talk("4097", Payload(.text("x"), times: 4097)))
      #expect(large.verdict == .different && large.parted == [.wire])
    }

    @Test func resetInsteadOfEnd() async throws {
      let report = try await FaultyProgram.judge("reset", .talk())
      #expect(report.verdict == .different && report.parted == [.wire])
      let difference = try #require(report.difference(.wire))
      #expect(difference.left.first?.contains("⟨end⟩") == true && difference.right.first?.contains("⟨reset⟩") == true)
    }

    @Test func answerBeforeTheHalfClose() async throws {
      let steps: [Step] = [.connect("a"), .send("a", "hello\n"), .receive("a", .nothing(milliseconds: 100))]
      let report = try await FaultyProgram.judge("early", Scenario("wait", steps: steps + Scenario.end("a")))
      #expect(report.verdict == .different && report.parted == [.wire])
      #expect(report.difference(.wire)?.left.first?.hasPrefix("⟨silence⟩") == true)
      // Who does not wait can't see it.
      #expect(try await FaultyProgram.judge("early", .talk()).verdict == .same)
    }

    @Test func exitStatus() async throws {
      let report = try await FaultyProgram.judge(
        "status", Scenario("stop", steps: [.signal(.terminate), .waitForExit()]))
      #expect(report.verdict == .different && report.parted == [.exit])
      #expect(report.difference(.exit)?.right.first == "⟨exited with status 3⟩")
    }

    @Test func lineOnStandardError() async throws {
      let report = try await FaultyProgram.judge("stderr", .talk())
      #expect(report.verdict == .different && report.parted == [.output])
      #expect(report.difference(.output)?.trace == "standard error")
      #expect(report.difference(.output)?.right.first == "warning\\n")
    }

    @Test func leakedDescriptor() async throws {
      let report = try await FaultyProgram.judge("descriptor", .talk())
      #expect(report.verdict == .different && report.parted == [.leftovers])
      #expect(report.difference(.leftovers)?.right.first == "⟨1 more open: /dev/null⟩")
    }

    @Test func leakedChild() async throws {
      let report = try await FaultyProgram.judge("child", .talk())
      #expect(report.verdict == .different)
      #expect(report.difference(.leftovers)?.right.first?.contains("process faulty") == true)
      #expect(try await FaultyProgram.left() == 0, "processes are left behind")
    }

    @Test func fileLeftBehind() async throws {
      let report = try await FaultyProgram.judge("file", .talk())
      #expect(report.verdict == .different && report.parted == [.leftovers])
      #expect(report.difference(.leftovers)?.right.first == "⟨file left⟩")
    }

    @Test func onlyForTheSecondClient() async throws {
      let talk = Scenario.talk().steps
      #expect(try await FaultyProgram.judge("second", .talk()).verdict == .same)
      let report = try await FaultyProgram.judge("second", Scenario("twice", steps: talk + talk))
      #expect(report.verdict == .different && report.parted == [.wire])
      #expect(report.difference(.wire)?.trace == "connection a #2")
    }

    @Test func onlyForANulByte() async throws {
      #expect(try await FaultyProgram.judge("nul", .talk()).verdict == .same)
      let report = try await FaultyProgram.judge("nul", .talk("nul", Payload(.bytes([104, 0, 105]))))
      #expect(report.verdict == .different && report.parted == [.wire])
    }

    @Test func onlyAfterSIGTERM() async throws {
      #expect(try await FaultyProgram.judge("term", .talk()).verdict == .same)
      let stop = Scenario("stop", steps: Scenario.talk().steps + [.signal(.terminate), .waitForExit()])
      let report = try await FaultyProgram.judge("term", stop)
      #expect(report.verdict == .different && report.parted == [.output])
      #expect(report.difference(.output)?.right.first == "stopping\\n")
    }

    @Test func noAnswer() async throws {
      let report = try await FaultyProgram.judge("hang", .talk())
      #expect(report.verdict == .different && report.parted.contains(.wire))
      #expect(report.difference(.wire)?.right.first?.contains("still open at the deadline") == true)
    }

    @Test(arguments: ["hang", "spin"])
    func hangs(fault: String) async throws {
      let steps: [Step] = [.connect("a"), .send("a", "hello\n"), .halfClose("a"), .receive("a", .end), .close("a")]
      let report = try await FaultyProgram.judge(fault, Scenario("to the end", steps: steps), timeout: .seconds(1))
      #expect(report.verdict == .notJudged)
      guard case .hung(let difference)? = report.finding(.wire) else {
        Issue.record("not hung: \(report.text())")
        return
      }
      #expect(difference.right.first?.contains("when the time was over") == true)
      #expect(report.judgements.first?.troubles == ["right hung at step 4: receive: {peer: a, until: end}"])
      #expect(report.finding(.leftovers)?.difference == nil)
    }

    @Test func doesNotStart() async throws {
      let report = try await FaultyProgram.judge("no-start", .talk())
      #expect(report.verdict == .notJudged)
      #expect(report.judgements.first?.troubles.first?.contains("ended before it listened") == true)
      let missing = Comparison(
        Program(words: ["no-such-program", "{port}"]), try await FaultyProgram.program("none"), scenarios: [.talk()])
      #expect(await missing.run().verdict == .notJudged)
    }

    @Test func ofAClient() async throws {
      let steps: [Step] =
        [.listen(), .input("hello\n"), .endInput, .accept("a")]
        + [.receive("a", .end, within: 500), .send("a", "answer\n"), .close("a"), .waitForExit()]
      let scenario = Scenario("answer", role: .client, steps: steps)
      #expect(try await FaultyProgram.judge("none", scenario).verdict == .same)
      #expect(try await FaultyProgram.judge("byte", scenario).parted == [.wire])
      #expect(try await FaultyProgram.judge("stderr", scenario).parted == [.output])
      let refused = Scenario("refused", role: .client, steps: [.waitForExit()])
      #expect(try await FaultyProgram.judge("none", refused).verdict == .same)
      #expect(try await FaultyProgram.judge("status", refused).parted == [.exit])
    }

    @Test func ofAFilter() async throws {
      let scenario = Scenario("a line", role: .filter, steps: [.input("hello\n"), .endInput, .waitForExit()])
      #expect(try await FaultyProgram.judge("none", scenario).verdict == .same)
      #expect(try await FaultyProgram.judge("byte", scenario).parted == [.output])
      #expect(try await FaultyProgram.judge("status", scenario).parted == [.exit])
    }
  }
}
