internal import Logging

/// Writes each log record to standard error as one line.
///
/// The handlers of swift-log have no JSON, and would send control characters of a peer to the terminal. Text that a
/// peer or a user chose is in the values only, and is quoted there.
struct RecordHandler: LogHandler {
  let format: LogFormat
  let write: @Sendable ([UInt8]) -> Void
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let fields = metadata.merging(event.metadata ?? [:]) { $1 }
    write(format.line(event.level, "\(event.message)", fields))
  }
}

extension LogFormat {
  /// A record as a line.
  func line(_ level: Logger.Level, _ message: String, _ fields: Logger.Metadata) -> [UInt8] {
    let fields = fields.sorted { $0.key < $1.key }
    let line =
      switch self {
      case .text: text(level, message, fields)
      case .json: json(level, message, fields)
      }
    return Array((line + "\n").utf8)
  }

  private func text(
    _ level: Logger.Level, _ message: String, _ fields: [(key: String, value: Logger.MetadataValue)]
  ) -> String {
    let pairs = fields.map { " \($0.key)=\(plainOrQuoted("\($0.value)"))" }.joined()
    return "\(Clock.timestamp()) \(level) \(message)\(pairs)"
  }

  private func json(
    _ level: Logger.Level, _ message: String, _ fields: [(key: String, value: Logger.MetadataValue)]
  ) -> String {
    let first = [("time", Clock.timestamp()), ("level", "\(level)"), ("message", message)]
    let all =
      first.map { "\"\($0.0)\":\(quoted($0.1))" } + fields.map { "\"\($0.key)\":\(value($0.value))" }
    return "{\(all.joined(separator: ","))}"
  }

  /// Integers are JSON numbers; all other values are strings.
  private func value(_ value: Logger.MetadataValue) -> String {
    if case .stringConvertible(let number) = value, number is any BinaryInteger { return "\(number)" }
    return quoted("\(value)")
  }

  /// Quotes the text if it contains anything that could end the value or the line, or that looks like an escape.
  ///
  /// Compares scalars and not characters: to Swift a space with a combining accent is not a space, but readers of the
  /// log see one.
  private func plainOrQuoted(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      !["\"", "\\", "="].contains(scalar) && !scalar.properties.isWhitespace && !isHidden(scalar)
    }
    return isPlain && !text.isEmpty ? text : quoted(text)
  }

  /// Quotes the text as JSON does, RFC 8259 section 7.
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

  /// Whether the scalar is invisible or changes the display of its neighbours: controls, line ends, text directions,
  /// and scalars that are not assigned.
  private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: true
    default: false
    }
  }
}
