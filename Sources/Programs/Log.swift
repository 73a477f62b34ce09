internal import ArgumentParser
internal import IPC
internal import Logging
internal import SystemPackage

/// How records are written.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}

/// A level of swift-log, or an error that tells them.
func levelNamed(_ text: String) throws -> Logger.Level {
  guard let level = Logger.Level(rawValue: text) else {
    throw ValidationError("it must be \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
  }
  return level
}

/// Writes a record a line to standard error, in one write each: swift-log's own handlers would let a peer's control
/// characters reach a terminal, and know no JSON. What has a peer's or a user's say in it stands in the values only.
struct RecordHandler<E: Engine>: LogHandler {
  let format: LogFormat
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    let line =
      switch format {
      case .text: text(event, fields)
      case .json: json(event, fields)
      }
    // Nowhere is left to tell of an error of standard error.
    try? E.write(.standardError, Array((line + "\n").utf8).span)
  }

  private func text(_ event: LogEvent, _ fields: [(key: String, value: Logger.MetadataValue)]) -> String {
    let pairs = fields.map { " \($0.key)=\(plainOrQuoted("\($0.value)"))" }.joined()
    return "\(Clock.stamp()) \(event.level) \(event.message)\(pairs)"
  }

  private func json(_ event: LogEvent, _ fields: [(key: String, value: Logger.MetadataValue)]) -> String {
    let first = [("time", Clock.stamp()), ("level", "\(event.level)"), ("message", "\(event.message)")]
    let all =
      first.map { "\"\($0.0)\":\(quoted($0.1))" } + fields.map { "\"\($0.key)\":\(value($0.value))" }
    return "{\(all.joined(separator: ","))}"
  }

  /// Counts are numbers, all else is a string.
  private func value(_ value: Logger.MetadataValue) -> String {
    if case .stringConvertible(let number) = value, number is any BinaryInteger { return "\(number)" }
    return quoted("\(value)")
  }

  /// As it is where nothing in it could end the value or the line, or be taken for an escape; else quoted. Scalar by
  /// scalar: a space with an accent is no space to Swift, and is one to who reads the log.
  private func plainOrQuoted(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      !["\"", "\\", "="].contains(scalar) && !scalar.properties.isWhitespace && !isHidden(scalar)
    }
    return isPlain && !text.isEmpty ? text : quoted(text)
  }

  /// As JSON quotes (RFC 8259, section 7).
  private func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where isHidden(scalar):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// It shows nothing, or changes how its neighbours show: controls, ends of lines, directions, and what is no character.
  private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: true
    default: false
    }
  }
}
