import Testing

@testable import ParityKit

/// Warnings of steps that did nothing, in all forms of a report of made-up runs.
struct WarningTests {
  private static let step = "step 4: receive: {peer: a, pattern: \"<a>\"}: the pattern never came"

  private static var report: Report {
    var transcript = Transcript.made()
    transcript.vacuous = [step]
    return Report.made([transcript], [transcript], [.output])
  }

  @Test("Each form of a report has the warning, and what reads a report keeps it")
  func forms() async throws {
    let report = Self.report
    let line = "warning: made, \(Self.step), on either side"
    #expect(report.verdict == .same && report.text().contains("\(line)\n"))
    #expect(report.html.contains("Warning: step 4: receive: {peer: a, pattern: &quot;&lt;a&gt;&quot;}: the pattern"))
    #expect(report.junit.contains("tests=\"1\"") && report.junit.contains("  <system-out>warning: made, step 4"))
    #expect(try await Script.run("junit_summary.py", [report.junit]) == "0 0 made\n")
    let read = try Report(json: report.json)
    #expect(read.results.first?.vacuous == [Self.step] && read.json == report.json && read.junit == report.junit)
    #expect(Schema.report.contains("\"vacuous\""))
    let merged = try await Script.inFolder { folder in
      try Terminal.write(report.json, to: "\(folder)/a.json")
      return try Report.merged(["\(folder)/a.json"])
    }
    #expect(merged.text().contains(line))
  }

  @Test("A generated scenario has no warnings, and a step that did something on one side neither")
  func others() throws {
    var result = Self.report.results[0]
    result.number = 1
    #expect(result.warnings.isEmpty && result.vacuous == [Self.step])
    var transcript = Transcript.made()
    transcript.vacuous = [Self.step]
    #expect(Report.made([transcript], [.made()], [.output]).vacuousLines.isEmpty)
  }
}
