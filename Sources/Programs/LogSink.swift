internal import IPC
internal import Logging

/// Writes what a program reports to standard error: as plain lines, or as log records with `--log`.
struct LogSink<E: Engine>: Sendable {
  /// The lowest level that is written.
  let level: Logger.Level
  private let log: Logger?
  let writer: LogWriter<E>

  /// - Parameter waitsForReader: See `LogWriter`.
  init(_ options: VerbosityOptions, waitsForReader: Bool) {
    let writer = LogWriter<E>(waitsForReader: waitsForReader) { dropped in
      options.log?.line(.warning, "log records dropped: nobody read them", ["count": .stringConvertible(dropped)])
        ?? Array("Warning : standard error: \(dropped) lines dropped: nobody read them\n".utf8)
    }
    self.writer = writer
    level = options.level
    log = options.log.map { format in
      Logger(label: "") { _ in RecordHandler(format: format, write: { writer.write($0) }, logLevel: options.level) }
    }
  }

  /// Whether it writes records.
  var hasRecords: Bool { log != nil }

  /// Writes the line, or with `--log` a record of the message and the fields.
  func write(
    _ level: Logger.Level, _ line: @autoclosure () -> String, _ message: String,
    _ fields: @autoclosure () -> Logger.Metadata
  ) {
    guard level >= self.level else { return }
    if let log { log.log(level: level, "\(message)", metadata: fields()) } else { write(line()) }
  }

  /// Makes control characters visible: a peer can choose an abstract name that would change the terminal.
  private func write(_ line: String) {
    let shown = E.vis(Array(line.utf8).span).map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
    writer.write(shown + [UInt8(ascii: "\n")])
  }
}
