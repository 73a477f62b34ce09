import ArgumentParser
import ParityKit

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Merge the JSON reports of the parts of a run.",
    discussion: """
      All reports must be about the same two programs: shards of a fuzz run, comparisons of some scenarios, or both.

      EXAMPLES
        parity merge shard-*.json
        parity merge a.json b.json --json all.json --junit all.xml

      EXIT STATUS
        0 same; 1 different; 2 could not judge; 3 varies; 64 wrong usage
      """)

  @Argument(help: "The files that --json has written.")
  var reports: [String]

  @OptionGroup var reportOptions: ReportOptions

  func validate() throws { _ = try merged() }

  func run() throws {
    let report = try merged()
    Terminal.print(report.text(colour: Terminal.showsColour))
    try reportOptions.write(report)
    throw ExitCode(report.verdict.rawValue)
  }

  private func merged() throws -> Report {
    do {
      return try Report.merged(reports)
    } catch {
      throw ValidationError(error.description)
    }
  }
}
