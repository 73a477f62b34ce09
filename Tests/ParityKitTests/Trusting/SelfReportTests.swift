import Testing

@testable import ParityKit

/// What `parity self` concludes from the runs of a program, without programs.
struct SelfReportTests {
  /// A run that prints a text.
  private static func run(_ output: String, trouble: String? = nil) -> Transcript {
    var run = Transcript()
    run.error = Array(output.utf8)
    run.trouble = trouble
    return run
  }

  /// A report of scenarios; each has the standard error of each run, the left ones first.
  private static func report(_ scenarios: [(name: String, runs: [String])]) throws -> SelfReport {
    let program = try Program("server {port}")
    let channels: [Channel] = [.wire, .output, .cost]
    let results = scenarios.map { name, runs -> ScenarioResult in
      let half = runs.count / 2
      let (left, right) = (runs[..<half].map { run($0) }, runs[half...].map { run($0) })
      return ScenarioResult(Scenario(name, role: .server, steps: [.start]), channels, left, right, [])
    }
    return SelfReport(
      Report(left: program, right: program, channels: channels, results: results, stale: [], time: .seconds(1)))
  }

  @Test("Channels without a difference can be believed, and the noise in them is named") func noise() throws {
    let runs = ["ready [\(100)]\n", "ready [\(215)]\n", "ready [\(367)]\n", "ready [\(481)]\n"]
    let report = try Self.report([("a", runs), ("b", ["quiet\n", "quiet\n"]), ("c", runs)])
    #expect(report.verdict == .same)
    #expect(report.conclusion == "wire and output can be believed; output holds a pid, which is masked")
    let output = report.rows[1]
    #expect(output.judged == 3 && output.doubts.isEmpty && output.isBelievable == true)
    #expect(output.noise == [.init(observation: "standard error", name: "{pid}", scenarios: 2)])
    #expect(report.text().contains("output     judged in 3 of 3  believable; masked: {pid} in standard error (2)\n"))
  }

  @Test("A channel in which the program differs from itself can't be believed, and the scenarios are named once")
  func doubts() throws {
    let report = try Self.report([("a", ["one\n", "two\n"]), ("b", ["one\n", "one\n"]), ("c", ["one\n", "two\n"])])
    #expect(report.verdict == .different)
    #expect(report.conclusion == "wire can be believed; output can't be believed")
    #expect(report.rows[1].doubts.map(\.scenarios) == [["a", "c"]])
    #expect(report.rows[1].doubts[0].reason.hasPrefix("standard error differs: one"))
    #expect(report.text().contains("the program is the same as itself in 1 of 3 scenarios"))
  }

  @Test("A program that does not start is reported once, without a side") func troubles() throws {
    let program = try Program("server {port}")
    let silent = Self.run("", trouble: "it ended")
    let result = ScenarioResult(Scenario("start", role: .server, steps: [.start]), [.wire], [silent], [silent], [])
    let report = SelfReport(
      Report(left: program, right: program, channels: [.wire], results: [result], stale: [], time: .seconds(1)))
    #expect(report.verdict == .notJudged && report.conclusion == "nothing can be believed")
    #expect(report.troubles.map(\.reason) == ["did not start: it ended"])
    #expect(report.rows[0].isBelievable == nil && report.text().contains("wire       judged in 0 of 1  not judged\n"))
  }

  @Test("The JSON has the fields that its schema requires") func json() throws {
    let json = try Self.report([("a", ["one\n", "two\n"])]).json
    for field in ["version", "verdict", "program", "scenarios", "conclusion", "channels", "troubles", "doubts"] {
      #expect(json.contains("\"\(field)\"") && Schema.selfReport.contains("\"\(field)\""))
    }
  }
}
