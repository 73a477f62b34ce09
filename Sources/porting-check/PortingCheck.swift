import ArgumentParser
import PortingKit

/// The command `porting-check`, without the flags behind `--`: argument-parser has no second list of arguments.
struct PortingCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "porting-check",
    abstract: "List the idioms of C network code in files, and how each fares in Swift.",
    usage: "porting-check [<options>] <file> ... [-- <compiler flag> ...]",
    discussion: Help.discussion, version: "porting-check 0.1.0")

  @Argument(help: ArgumentHelp("The files of C; with -p none is all files of the database.", valueName: "file"))
  var files: [String] = []

  @Option(
    name: [.customShort("p"), .customLong("database")],
    help: ArgumentHelp("Take the flags of each file from this compile_commands.json.", valueName: "file"))
  var database: String?

  @Flag(help: "Print JSON instead of text.")
  var json = false

  @Flag(help: "Print all places of each idiom, not only \(Report.shownPlaces).")
  var all = false

  @Option(help: ArgumentHelp("Write the report as a page, too.", valueName: "file"))
  var html: String?

  @Option(
    help: ArgumentHelp("Link to the pages of this website, which make docs builds.", valueName: "url"))
  var site: String?

  @Option(
    help: ArgumentHelp("The compiler. (default: the clang beside swift, or else that of PATH)", valueName: "program"))
  var clang: String?

  func validate() throws {
    if files.isEmpty, database == nil { throw ValidationError("name a file of C, or a database with -p") }
    if files.count > Limit.files { throw ValidationError("\(files.count) files: at most \(Limit.files) are allowed") }
    if let site, !site.hasPrefix("http://"), !site.hasPrefix("https://") {
      throw ValidationError("--site \(site): it must start with http:// or https://")
    }
  }

  /// - Parameter flags: The flags for the compiler.
  func check(flags: [String]) async throws {
    let report = await Report(of: try units(flags), with: try Clang(path: clang))
    for error in report.errors { Files.print("porting-check: \(error)\n", to: 2) }
    let site = Site(address: site)
    Files.print(json ? report.json(site: site) : report.text(site: site, all: all))
    if let html { try Files.write(report.html(site: site), to: html) }
    if !report.isComplete { throw ExitCode(2) }
  }

  private func units(_ flags: [String]) throws -> [Unit] {
    guard let database else { return files.map { Unit(name: $0, flags: flags) } }
    return try CompilationDatabase(path: database).units(files, and: flags)
  }
}

@main enum Main {
  static func main() async {
    do {
      let words = CommandLine.arguments.dropFirst().split(
        separator: "--", maxSplits: 1, omittingEmptySubsequences: false)
      let command = try PortingCheck.parse(Array(words.first ?? []))
      try await command.check(flags: words.count > 1 ? Array(words[1]) : [])
    } catch let error as ReadError {
      Files.print("porting-check: \(error)\n", to: 2)
      PortingCheck.exit(withError: ExitCode(2))
    } catch {
      // Wrong usage is 2 here, as all that can't be read.
      guard PortingCheck.exitCode(for: error) == .validationFailure else { PortingCheck.exit(withError: error) }
      Files.print("\(PortingCheck.fullMessage(for: error))\n", to: 2)
      PortingCheck.exit(withError: ExitCode(2))
    }
  }
}
