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

  /// Writes the files. A report that can't be written is no verdict.
  ///
  /// - Parameter text: The JSON, if it is not that of the report.
  func write(_ report: Report, json text: String? = nil) throws {
    do {
      if html != nil { try Terminal.write(report.html, to: html) }
      if json != nil { try Terminal.write(text ?? report.json, to: json) }
      if junit != nil { try Terminal.write(report.junit, to: junit) }
    } catch {
      Terminal.printError("\(error)\n")
      throw ExitCode(Verdict.notJudged.rawValue)
    }
  }
}
