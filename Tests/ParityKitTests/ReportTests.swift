import ParityKit
import Subprocess
import SystemPackage
import Testing

/// Rules of a masks file, the formats of a report, and the command.
extension Judge {
  @Suite struct ReportTests {
    private func judge(_ fault: String, _ other: String, masks: String) async throws -> Report {
      var comparison = Comparison(
        try await FaultyProgram.program(other), try await FaultyProgram.program(fault), scenarios: [.exchange()])
      comparison.channels = [.wire, .output]
      comparison.rules = try MaskRule.list(yaml: masks)
      return await comparison.run()
    }

    @Test("Masked text is not compared")
    func masks() async throws {
      let masks = """
        - {channel: output, mask: "pid [0-9]+", reason: "one side counts from 77"}
        - {channel: wire, scenario: exchange, mask: "pid [0-9]+", reason: "the same"}
        """
      #expect(try await judge("pid", "fixed-pid", masks: masks).verdict == .same)
    }

    @Test("A known difference does not change the verdict")
    func knownDifference() async throws {
      let masks = "- {channel: output, difference: 'warning', reason: it warns}"
      let report = try await judge("stderr", "none", masks: masks)
      #expect(report.verdict == .same, "\(report.text())")
      #expect(report.text().contains("known: it warns"))
      // A rule for another text does not apply.
      let other = "- {channel: output, difference: 'failure', reason: it fails}"
      #expect(try await judge("stderr", "none", masks: other).verdict == .different)
    }

    @Test("A rule that no longer applies prevents the verdict \"same\"")
    func staleRules() async throws {
      for kind in ["mask", "difference"] {
        let report = try await judge("none", "none", masks: "- {channel: output, \(kind): warning, reason: it warns}")
        #expect(report.verdict == .notJudged && report.stale.count == 1)
        #expect(report.text().contains("no longer applies"))
      }
    }

    @Test(
      "An invalid mask is reported with its line",
      arguments: [
        ("- {channel: wires, mask: x, reason: y}", "m:1: channel can't be \"wires\"; allowed: wire, output,"),
        ("- {channel: wire, mask: x}", "m:1: a mask needs a channel and a reason"),
        ("- {channel: wire, mask: '(', reason: y}", "m:1: \"(\" is not a regular expression"),
        ("- {channel: wire, reason: y}", "m:1: a mask needs exactly one pattern; allowed: mask, difference"),
      ])
    func invalidMasks(yaml: String, message: String) {
      let error = #expect(throws: InputError.self) { try MaskRule.list(yaml: yaml, file: "m") }
      #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test("Other programs can read the JSON and the JUnit report")
    func formats() async throws {
      let report = try await FaultyProgram.judge("byte", .exchange("<exchange> & \"quotes\""))
      #expect(try await Script.run("report_summary.py", [report.json]) == "1 different 1\n")
      #expect(try await Script.run("junit_summary.py", [report.junit]) == "1 0 <exchange> & \"quotes\"\n")
    }

    @Test(
      "The command prints the result, and its status is the verdict",
      arguments: [
        ("none", ["--only", "send-a-line"], 0, "same: 1 of 1 scenarios are the same"),
        ("byte", ["--only", "send-a-line"], 1, "hello"),
        ("no-start", ["--only", "send-a-line"], 2, "right did not start"),
        ("none", ["--channels", "wires"], 64, "allowed: wire, output"),
        ("none", ["--only", "x y"], 64, "--only matches no scenario; allowed: "),
      ])
    func compareCommand(fault: String, options: [String], status: Int32, message: String) async throws {
      let folder = try await Script.products()
      let faulty = folder.appending("faulty").string
      let result = try await run(
        .path(folder.appending("parity")),
        arguments: Arguments(
          ["compare", "--left", "\(faulty) server {port} none", "--right", "\(faulty) server {port} \(fault)"]
            + options),
        output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
      #expect(result.terminationStatus == .exited(status))
      #expect((result.standardOutput + result.standardError).contains(message), "\(result.standardOutput)")
      #expect(!result.standardOutput.contains("\u{1B}"), "the output has colours, although it is not a terminal")
    }

    @Test("An interruption leaves no process and no folder", arguments: ["INT", "TERM"])
    func interruption(signal: String) async throws {
      let programs = [try await Script.product("parity"), try await Script.product("faulty")]
      let text = try await Script.run("interruption.sh", programs + [signal])
      #expect(text == "status \(signal == "INT" ? 130 : 143)\n")
    }

    @Test("An interruption leaves no process and no folder while programs are starting")
    func interruptedStarts() async throws {
      let isLong = try await Script.output("sh", ["-c", "echo $DIPTYCH_LONG"]) != "\n"
      let long = ["0.05", "0.1", "0.15", "0.2", "0.25", "0.3", "0.35", "0.4", "0.45", "0.5"]
      let moments = isLong ? long : ["0.05", "0.2", "0.4"]
      let text = try await Script.run("interruptions.sh", [try await Script.product("parity")] + moments)
      #expect(text == "\(moments.count) status 143\n")
    }

    @Test("The schemas are JSON, and describe every step")
    func schemas() async throws {
      for schema in [Schema.scenario, Schema.report] {
        #expect(try await Script.run("schema_title.py", [schema]).hasSuffix("of parity\n"))
      }
      for scenario in [ScenarioTests.everyStep] {
        for line in scenario.yaml.split(separator: "\n") {
          guard let key = line.firstMatch(of: /- ([a-z-]+)/)?.1 else { continue }
          #expect(Schema.scenario.contains("\"\(key)\""), "the schema has no step \(key)")
        }
      }
    }

    @Test("Servers on Unix sockets are compared")
    func unixSockets() async throws {
      let program = try Program("socat UNIX-LISTEN:{socket},fork PIPE")
      let other = try Program("socat -b 1 UNIX-LISTEN:{socket},fork PIPE")
      var comparison = Comparison(program, other, scenarios: [.exchange()])
      comparison.strictCalls = true
      #expect(await comparison.run().differingChannels == [.calls])
      comparison.channels = [.wire, .output, .exit, .leftovers]
      #expect(await comparison.run().verdict == .same)
    }

    @Test("A program behaves the same with and without optimization")
    func optimization() async throws {
      let source = FilePath(#filePath).removingLastComponent().removingLastComponent().appending("faulty/faulty.c")
      try await Script.inFolder { folder in
        var programs: [Program] = []
        for level in ["-O0", "-O2"] {
          _ = try await Script.output("cc", [level, "-o", "\(folder)/faulty\(level)", source.string])
          programs.append(Program(words: ["\(folder)/faulty\(level)", "server", "{port}", "none"]))
        }
        let report = await Comparison(programs[0], programs[1]).run()
        #expect(report.verdict == .same, "\(report.text())")
      }
    }
  }
}
