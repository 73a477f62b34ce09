import ParityKit
import SystemPackage
import Testing

/// Reports are read as they are written, and what is wrong with one is told with its name.
extension Judge {
  @Suite struct MergeTests {
    @Test(arguments: [("byte", "none"), ("pid", "pid"), ("stderr", "none"), ("no-start", "none"), ("none", "none")])
    func writtenAndReadItIsTheSame(fault: String, other: String) async throws {
      var comparison = Comparison(
        try await FaultyProgram.program(other), try await FaultyProgram.program(fault),
        scenarios: [.talk("<é> \u{1} \\ \"")])
      comparison.allowances = try MaskRule.list(
        yaml: "- {channel: output, difference: warn, reason: it warns}\n- {channel: wire, mask: zz, reason: none}")
      let report = await comparison.run()
      let read = try Report(json: report.json)
      #expect(read.json == report.json && read.junit == report.junit && read.verdict == report.verdict)
      #expect(read.text() == report.text())
    }

    @Test(arguments: [
      ("", "r:1: no JSON: it ends amid a value"), ("{\n\"version\": 1.5}", "r:2: no JSON: no whole number"),
      ("{} x", "r:1: no JSON: something follows the end"), ("[1 2]", "r:1: no JSON: a comma or the end is missing"),
      ("{\"version\": 2}", "r: the report has version 2; allowed: 1"), ("[]", "r: the report has no \"version\""),
      ("{\"version\": \"1\"}", "r: version is no number"), ("{\"a\": \"\\x\"}", "r:1: no JSON: an unknown escape"),
      ("{\"a\": \"\\ud800\"}", "r:1: no JSON: half a character"), ("{\"a\": tru}", "r:1: no JSON: an unknown word"),
      (String(repeating: "[", count: 100), "r:1: no JSON: deeper than 64"),
      ("{\"a", "r:1: no JSON: a text is not closed"),
      ("{\"version\": 1, \"left\": [1]}", "r: an entry of left is no text"),
      (
        "{\"version\": 1, \"left\": [\"\\ud83d\\ude00\"], \"right\": [], \"channels\": [\"x\"]}",
        "r: an entry of channels can't be \"x\"; allowed: wire, output, exit, calls, leftovers, cost"
      ),
    ])
    func whatIsWrongIsTold(json: String, complaint: String) {
      let error = #expect(throws: InputError.self) { try Report(json: json, file: "r") }
      #expect(error?.description == complaint)
    }

    /// The line that a comparison prints is one that a shell takes.
    @Test func aComparisonReplays() async throws {
      let script = #"""
        cd "$(mktemp -d)" && compare() { eval "\"$parity\" $1 >out 2>&1"; echo "status $?"; }
        parity=$1; again() { sed -n 's/^  replay with: parity //p' out | head -n 1; }
        compare "compare --left '$2 server {port} none' --right \"env 'X=a b' $2 server {port} byte\" \
          --channels wire --only split-at-3"
        line=$(again); echo "$line" | grep -o "[-]-channels.*"
        compare "$line"; test "$(again)" = "$line" && echo "the same line"
        rm -r "$PWD"
        """#
      let folder = try await FaultyProgram.products()
      let said = try await FaultyProgram.output(
        "bash", ["-c", script, "-", folder.appending("parity").string, folder.appending("faulty").string])
      #expect(said == "status 1\n--channels wire --only split-at-3\nstatus 1\nthe same line\n")
    }
  }
}
