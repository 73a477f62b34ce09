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

  /// Opens the files before the work begins, so that it is not lost.
  func validate() throws {
    for path in [html, json, junit].compactMap(\.self) {
      do { try Terminal.openToWrite(path) } catch { throw ValidationError(error.description) }
    }
  }

  func write(_ report: Report) throws {
    try write(html: report.html, json: report.json, junit: report.junit)
  }

  /// Writes the files. A report that can't be written is no verdict.
  func write(
    html page: @autoclosure () -> String, json text: @autoclosure () -> String, junit cases: @autoclosure () -> String
  ) throws {
    do {
      if html != nil { try Terminal.write(page(), to: html) }
      if json != nil { try Terminal.write(text(), to: json) }
      if junit != nil { try Terminal.write(cases(), to: junit) }
    } catch {
      Terminal.printError("\(error)\n")
      throw ExitCode(Verdict.notJudged.rawValue)
    }
  }
}
