import ParityKit
import Testing

extension Judge {
  /// A program that never starts, and a report that can't be written, are found before the work.
  @Suite struct StartTests {
    @Test("A side that never starts can't be judged, and is found by one start", arguments: ["compare", "fuzz"])
    func neverStarts(command: String) async throws {
      let output = try await Script.run("never_starts.sh", [try await Script.product("parity"), command])
      let lines = output.split(separator: "\n")
      #expect(lines.first == "status 2", "\(output)")
      #expect(lines.contains("start: right did not start: it ended before it listened (exited with status 1)"))
      #expect(lines.contains { $0.hasPrefix("could not judge: 0 of 1 scenarios are the same") })
      #expect(lines.last == "starts 1")
    }

    @Test("A report that can't be written is found before the work, or is no verdict")
    func unwritableReports() async throws {
      let output = try await Script.run("unwritable_reports.sh", [try await Script.product("parity")])
      #expect(
        output == """
          before: status 64, 0 starts
          Error: /no-such-folder/report.json: can't be written: No such file or directory
          after: status 2
          /dev/full: can't be written: No space left on device

          """)
    }

    @Test("A file that is not executable is reported as such")
    func notExecutable() async throws {
      let program = Program(words: ["/etc/passwd", "{port}"])
      let report = await Comparison(program, program, scenarios: [.exchange()]).run()
      #expect(report.results.first?.troubles.first == "left did not start: /etc/passwd: Permission denied")
    }
  }

  /// Steps that do nothing are reported: two programs can't differ in them.
  @Suite struct VacuousStepTests {
    @Test("A pattern that never comes, and a step after the peer has closed, are reported")
    func patterns() async throws {
      let steps: [Step] = [
        .connect("a"), .send("a", "hello\n"), .halfClose("a"), .receive("a", .pattern("answer"), within: 100),
        .close("a"), .send("a", "again"),
      ]
      let report = try await FaultyProgram.judge("none", Scenario("vacuous", steps: steps))
      let notes = try #require(report.results.first?.vacuous)
      #expect(
        notes == [
          "step 4: receive: {peer: a, pattern: \"answer\", within: 100}: the pattern never came",
          "step 6: send: {peer: a, text: \"again\"}: the peer has closed the connection",
        ])
      #expect(report.text().contains("warning: vacuous, \(notes[0]), on either side\n"))
      #expect(report.verdict == .same)
    }

    @Test("A signal to a program that has ended is reported, unless it only stops or resumes it")
    func signals() async throws {
      let steps: [Step] = [.signal(.terminate), .waitForExit(), .signal(.hangup), .signal(.stop), .signal(.resume)]
      let report = try await FaultyProgram.judge("none", Scenario("ended", steps: steps))
      #expect(report.results.first?.vacuous == ["step 3: signal: HUP: the program had ended"])
    }

    @Test("A step that does something is not reported")
    func none() async throws {
      let report = try await FaultyProgram.judge("none", .exchange())
      #expect(report.results.first?.vacuous == [])
    }
  }
}
