internal import ArgumentParser
internal import IPC
internal import Logging

/// How much a program prints on standard error, and in which format.
struct VerbosityOptions: ParsableArguments {
  @Flag(name: .long, help: "Print only errors on standard error.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Print each step on standard error.")
  var verbose = false

  @Option(
    help: ArgumentHelp(
      "Write log records with a time and a level to standard error, instead of plain lines.", valueName: "format"))
  var log: LogFormat?

  @Option(
    help: ArgumentHelp(
      """
      The lowest level to log: \(Logger.Level.list). debug adds a record for each client, trace one for each step. \
      (default: info)
      """, valueName: "level"),
    transform: level(named:))
  var logLevel: Logger.Level?

  func validate() throws {
    guard !(quiet && verbose) else { throw ValidationError("--quiet and --verbose exclude each other") }
    guard logLevel == nil || log != nil else { throw ValidationError("--log-level needs --log") }
    guard logLevel == nil || !(quiet || verbose) else {
      throw ValidationError("--log-level, --quiet and --verbose exclude each other")
    }
  }

  /// The lowest level that the program prints.
  var level: Logger.Level {
    if quiet { return .error }
    return verbose ? .trace : logLevel ?? .info
  }
}

/// The formats of `--log`.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}

/// Parses a level of swift-log.
private func level(named text: String) throws -> Logger.Level {
  guard let level = Logger.Level(rawValue: text) else { throw ValidationError("it must be \(Logger.Level.list)") }
  return level
}

extension Logger.Level {
  fileprivate static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
