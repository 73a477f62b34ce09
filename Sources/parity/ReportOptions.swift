import ArgumentParser
import ParityKit

/// Where a report is written, besides the terminal.
struct ReportOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write the report as an HTML page.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Write the report as JSON.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Write the report as JUnit XML.", valueName: "file"))
  var junit: String?

  func write(_ report: Report) throws {
    if html != nil { try Terminal.write(report.html, to: html) }
    try Terminal.write(report.json, to: json)
    try Terminal.write(report.junit, to: junit)
  }
}
