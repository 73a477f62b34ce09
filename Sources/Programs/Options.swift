internal import ArgumentParser
internal import IPC
internal import Logging

/// How much a program says on standard error.
struct TalkOptions: ParsableArguments {
  @Flag(name: .long, help: "Say nothing on standard error but errors.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Tell each step on standard error as it is done.")
  var verbose = false

  @Option(help: "Write records on standard error instead of lines, of these levels or above (see --log-level).")
  var log: LogFormat?

  @Option(
    help: ArgumentHelp(
      "Of the records, those from here on; debug tells a line a client. (default: info)", valueName: "level"),
    transform: levelNamed)
  var logLevel: Logger.Level?

  func validate() throws {
    guard !(quiet && verbose) else { throw ValidationError("--quiet and --verbose: give one of them") }
    guard logLevel == nil || log != nil else { throw ValidationError("--log-level goes with --log") }
    guard logLevel == nil || !(quiet || verbose) else {
      throw ValidationError("--log-level, --quiet and --verbose: give one of them")
    }
  }

  /// The least that is said.
  var level: Logger.Level { quiet ? .error : verbose ? .trace : logLevel ?? .info }
}

/// The positional arguments: nothing, a port, a host and a port, or an endpoint.
enum Address {
  static let help = ArgumentHelp(
    "Nothing, PORT, HOST PORT, or an endpoint: tcp:HOST:PORT, unix:PATH, unix:@NAME, pipe:PATH, queue:/NAME, memory:/NAME.",
    valueName: "address")

  static func endpoint<E: Engine>(of arguments: [String], engine: E.Type) throws -> Endpoint {
    switch arguments.count {
    case 0:
      return .original
    case 1:
      let text = arguments[0]
      return try named(text) { () throws(Failure) in
        text.utf8.contains { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }
          ? try E.parse(Array(text.utf8)) : try E.tcp(host: Array("127.0.0.1".utf8), port: Array(text.utf8))
      }
    case 2:
      let host = Array(arguments[0].utf8)
      _ = try named(arguments[0]) { () throws(Failure) in try E.tcp(host: host, port: [UInt8(ascii: "0")]) }
      return try named(arguments[1]) { () throws(Failure) in try E.tcp(host: host, port: Array(arguments[1].utf8)) }
    default:
      let all = arguments.joined(separator: " ")
      throw ValidationError("'\(all)': too many addresses; give none, PORT, HOST PORT, or one endpoint")
    }

    func named(_ text: String, _ body: () throws(Failure) -> Endpoint) throws -> Endpoint {
      do {
        return try body()
      } catch {
        throw ValidationError("'\(text)': \(E.text(of: error.cause))")
      }
    }
  }

  /// Swift puts U+FFFD for bytes that are not UTF-8: refused, as it would name another file than was meant.
  static func checked(_ text: String) throws -> String {
    guard !text.unicodeScalars.contains("\u{FFFD}") else { throw ValidationError("it must be UTF-8") }
    return text
  }
}

/// A whole number within the range, or an error that tells it.
func number(_ text: String, in range: ClosedRange<Int>) throws -> Int {
  guard let number = Int(text), range.contains(number) else {
    throw ValidationError("it must be a number from \(range.lowerBound) to \(range.upperBound)")
  }
  return number
}

/// A time from a millisecond to a day, or an error that tells so.
func seconds(_ text: String) throws -> Duration {
  guard let seconds = Double(text), (0.001...86_400).contains(seconds) else {
    throw ValidationError("it must be seconds from 0.001 to 86400")
  }
  return .seconds(seconds)
}
