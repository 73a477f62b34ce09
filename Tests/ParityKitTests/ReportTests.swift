import ParityKit
import Subprocess
import SystemPackage
import Testing

/// Masks that a file keeps, and the forms of a report.
extension Judge {
  @Suite struct ReportTests {
    private func judge(_ fault: String, _ other: String, masks: String) async throws -> Report {
      var comparison = Comparison(
        try await FaultyProgram.program(other), try await FaultyProgram.program(fault), scenarios: [.talk()])
      comparison.channels = [.wire, .output]
      comparison.allowances = try MaskRule.list(yaml: masks)
      return await comparison.run()
    }

    @Test func aMaskLeavesOut() async throws {
      let masks = """
        - {channel: output, mask: "pid [0-9]+", reason: "one side counts from 77"}
        - {channel: wire, scenario: talk, mask: "pid [0-9]+", reason: "the same"}
        """
      #expect(try await judge("pid", "fixed-pid", masks: masks).verdict == .same)
    }

    @Test func aKnownDifferenceIsNoDifference() async throws {
      let masks = "- {channel: output, difference: 'warning', reason: it warns}"
      let report = try await judge("stderr", "none", masks: masks)
      #expect(report.verdict == .same, "\(report.text())")
      #expect(report.text().contains("known: it warns"))
      // Of another kind, it is one.
      let other = "- {channel: output, difference: 'failure', reason: it fails}"
      #expect(try await judge("stderr", "none", masks: other).verdict == .different)
    }

    @Test func whatNoLongerHappensIsAnError() async throws {
      for kind in ["mask", "difference"] {
        let report = try await judge("none", "none", masks: "- {channel: output, \(kind): warning, reason: it warns}")
        #expect(report.verdict == .notJudged && report.stale.count == 1)
        #expect(report.text().contains("no longer happens"))
      }
    }

    @Test(arguments: [
      ("- {channel: wires, mask: x, reason: y}", "m:1: channel can't be \"wires\"; allowed: wire, output,"),
      ("- {channel: wire, mask: x}", "m:1: a mask needs a channel and a reason"),
      ("- {channel: wire, mask: '(', reason: y}", "m:1: \"(\" is no regular expression"),
      ("- {channel: wire, reason: y}", "m:1: a mask needs one pattern; allowed: mask, difference"),
    ])
    func whatIsWrongWithAMask(yaml: String, complaint: String) {
      let error = #expect(throws: InputError.self) { try MaskRule.list(yaml: yaml, file: "m") }
      #expect(error?.description.hasPrefix(complaint) == true, "\(error?.description ?? "")")
    }

    @Test func jsonAndJUnitAreReadByOthers() async throws {
      let report = try await FaultyProgram.judge("byte", .talk("<talk> & \"quotes\""))
      let json = "import json,sys; r=json.loads(sys.argv[1]); print(r['version'],r['verdict'],len(r['scenarios']))"
      #expect(try await FaultyProgram.output("python3", ["-c", json, report.json]) == "1 different 1\n")
      let xml = """
        import sys,xml.etree.ElementTree as e; s=e.fromstring(sys.argv[1])
        print(s.get('failures'), s.get('skipped'), s.find('testcase').get('classname'))
        """
      #expect(try await FaultyProgram.output("python3", ["-c", xml, report.junit]) == "1 0 <talk> & \"quotes\"\n")
    }

    /// The command's exit status, with what it prints.
    @Test(arguments: [
      ("none", ["--only", "send-a-line"], 0, "same: 1 of 1 scenarios are the same"),
      ("byte", ["--only", "send-a-line"], 1, "hello"),
      ("no-start", ["--only", "send-a-line"], 2, "right did not start"),
      ("none", ["--channels", "wires"], 64, "allowed: wire, output"), ("none", ["--only", "x y"], 64, "there are"),
    ])
    func theCommand(fault: String, options: [String], status: Int32, says: String) async throws {
      let folder = try await FaultyProgram.products()
      let faulty = folder.appending("faulty").string
      let result = try await run(
        .path(folder.appending("parity")),
        arguments: Arguments(
          ["compare", "--left", "\(faulty) server {port} none", "--right", "\(faulty) server {port} \(fault)"]
            + options),
        output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
      #expect(result.terminationStatus == .exited(status))
      #expect((result.standardOutput + result.standardError).contains(says), "\(result.standardOutput)")
      #expect(!result.standardOutput.contains("\u{1B}"), "no colour but on a terminal")
    }

    /// A judge that is told to stop takes its programs, and their folders, along.
    @Test(arguments: ["INT", "TERM"])
    func anInterruptionLeavesNothing(signal: String) async throws {
      let folder = try await FaultyProgram.products()
      let script = """
        export TMPDIR=$(mktemp -d)
        "$1" compare --left "$2 server {port} spin" --right "$2 server {port} spin" >/dev/null & judge=$!
        for try in $(seq 1000); do pgrep -P $judge >/dev/null && break; sleep 0.01; done
        pgrep -P $judge >/dev/null || echo nothing was started
        kill -\(signal) $judge; wait $judge; echo status $?
        grep -lsz "PARITY_RUN=$TMPDIR" /proc/[0-9]*/environ; ls "$TMPDIR"; rm -r "$TMPDIR"
        """
      let (parity, faulty) = (folder.appending("parity").string, folder.appending("faulty").string)
      let said = try await FaultyProgram.output("bash", ["-c", script, "-", parity, faulty])
      #expect(said == "status \(signal == "INT" ? 130 : 143)\n")
    }

    @Test func theSchemasAreJSON() async throws {
      for schema in [Schema.scenario, Schema.report] {
        let title = "import json,sys; print(json.loads(sys.argv[1])['title'])"
        #expect(try await FaultyProgram.output("python3", ["-c", title, schema]).hasSuffix("of parity\n"))
      }
      // What the one reads, the other describes.
      for scenario in [ScenarioTests.everyStep] {
        for line in scenario.yaml.split(separator: "\n") {
          guard let key = line.firstMatch(of: /- ([a-z-]+)/)?.1 else { continue }
          #expect(Schema.scenario.contains("\"\(key)\""), "the schema has no step \(key)")
        }
      }
    }

    @Test func overUnixSockets() async throws {
      let program = try Program("socat UNIX-LISTEN:{socket},fork PIPE")
      let other = try Program("socat -b 1 UNIX-LISTEN:{socket},fork PIPE")
      var comparison = Comparison(program, other, scenarios: [.talk()])
      #expect(await comparison.run().parted == [.calls])
      comparison.channels = [.wire, .output, .exit, .leftovers]
      #expect(await comparison.run().verdict == .same)
    }

    @Test func compiledWithAndWithoutOptimization() async throws {
      let folder = String(try await FaultyProgram.output("mktemp", ["-d"]).dropLast())
      let source = FilePath(#filePath).removingLastComponent().removingLastComponent().appending("faulty/faulty.c")
      var programs: [Program] = []
      for level in ["-O0", "-O2"] {
        _ = try await FaultyProgram.output("cc", [level, "-o", "\(folder)/faulty\(level)", source.string])
        programs.append(Program(words: ["\(folder)/faulty\(level)", "server", "{port}", "none"]))
      }
      let report = await Comparison(programs[0], programs[1]).run()
      #expect(report.verdict == .same, "\(report.text())")
      _ = try await FaultyProgram.output("rm", ["-r", folder])
    }
  }
}
