import ParityKit
import Testing

/// JSON reports are read again, merged and replayed.
extension Judge {
  @Suite struct MergeTests {
    @Test(
      "A report that is written and read again is equal",
      arguments: [("byte", "none"), ("pid", "pid"), ("stderr", "none"), ("no-start", "none"), ("none", "none")])
    func reading(fault: String, other: String) async throws {
      var comparison = Comparison(
        try await FaultyProgram.program(other), try await FaultyProgram.program(fault),
        scenarios: [.exchange("<é> \u{1} \\ \"")])
      comparison.rules = try MaskRule.list(
        yaml: "- {channel: output, difference: warn, reason: it warns}\n- {channel: wire, mask: zz, reason: none}")
      let report = await comparison.run()
      let read = try Report(json: report.json)
      #expect(read.json == report.json && read.junit == report.junit && read.verdict == report.verdict)
      #expect(read.text() == report.text())
    }

    @Test(
      "An invalid report is rejected with its name",
      arguments: [
        ("", "r:1: invalid JSON: unexpected end of the file"),
        ("{\n\"version\": 1.5}", "r:2: invalid JSON: not an integer"),
        ("{} x", "r:1: invalid JSON: unexpected text after the end"),
        ("[1 2]", "r:1: invalid JSON: a comma or a closing bracket is missing"),
        ("{\"version\": 2}", "r: the report has version 2; allowed: 1"), ("[]", "r: the report has no \"version\""),
        ("{\"version\": \"1\"}", "r: version is not a number"),
        ("{\"a\": \"\\x\"}", "r:1: invalid JSON: unknown escape"),
        ("{\"a\": \"\\ud800\"}", "r:1: invalid JSON: unpaired surrogate"),
        ("{\"a\": tru}", "r:1: invalid JSON: unknown word"),
        (String(repeating: "[", count: 100), "r:1: invalid JSON: nested deeper than 64"),
        ("{\"a", "r:1: invalid JSON: unterminated string"),
        ("{\"version\": 1, \"left\": [1]}", "r: an entry of left is not a string"),
        (
          "{\"version\": 1, \"left\": [\"\\ud83d\\ude00\"], \"right\": [], \"channels\": [\"x\"]}",
          "r: an entry of channels can't be \"x\"; allowed: wire, output, exit, calls, leftovers, time, cost"
        ),
      ])
    func invalidReports(json: String, message: String) {
      let error = #expect(throws: InputError.self) { try Report(json: json, file: "r") }
      #expect(error?.description == message)
    }

    @Test("A shell accepts the line that repeats a difference")
    func replay() async throws {
      let programs = [try await Script.product("parity"), try await Script.product("faulty")]
      let text = try await Script.run("replay_comparison.sh", programs)
      #expect(text == "status 1\n--channels wire --only split-at-3\nstatus 1\nthe same line\n")
    }
  }
}
