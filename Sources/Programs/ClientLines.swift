internal import Glibc
internal import IPC
internal import Logging

/// A line about a client, without the client's address: lines of one kind differ in the address only.
enum ClientLine: Hashable, Sendable {
  /// The session of the client failed, or the server could not accept it.
  case failure(_ sentence: String, reason: String)
  /// The client left before its service ended. On a network this is normal.
  case disconnect(_ sentence: String)
  case cutMessage

  private static let cut = "message cut: no newline within \(Limit.line) bytes"

  var level: Logger.Level {
    switch self {
    case .failure: .error
    case .disconnect: .info
    case .cutMessage: .warning
    }
  }

  /// The message of a record.
  var message: String {
    switch self {
    case .failure(let sentence, _): sentence
    case .disconnect(let sentence): "client \(sentence)"
    case .cutMessage: Self.cut
    }
  }

  /// The plain line.
  func text(of client: String) -> String {
    switch self {
    case .failure(let sentence, let reason): "Error : \(sentence): \(client): \(reason)"
    case .disconnect(let sentence): "client \(client): \(sentence)"
    case .cutMessage: "Warning : \(client): \(Self.cut)"
    }
  }

  /// The fields of a record.
  func fields(of client: String) -> Logger.Metadata {
    guard case .failure(_, let reason) = self else { return ["peer": "\(client)"] }
    return ["subject": "\(client)", "reason": "\(reason)"]
  }

  /// The plain line that counts further lines.
  func text(repeated count: Int) -> String {
    let line =
      switch self {
      case .failure(let sentence, let reason): "Error : \(sentence): \(reason)"
      case .disconnect: message
      case .cutMessage: "Warning : \(Self.cut)"
      }
    return "\(line): repeated \(count) \(count == 1 ? "time" : "times")"
  }

  func fields(repeated count: Int) -> Logger.Metadata {
    var fields: Logger.Metadata = ["repeated": .stringConvertible(count)]
    if case .failure(_, let reason) = self { fields["reason"] = "\(reason)" }
    return fields
  }
}

/// Writes the lines about clients, which can cause as many as they like: of each kind at most `LogLimit.repeats` within
/// `LogLimit.repeatTime`. Further lines are counted, and the count is written when that time is over, or at the end.
final class ClientLines<E: Engine>: Sendable {
  private struct State: Sendable {
    var limiter = RepeatLimiter<ClientLine>(limit: LogLimit.repeats, time: LogLimit.repeatTime)
    /// A thread waits until a count is due.
    var isTiming = false
  }

  private let state = Locked(State())
  private let sink: LogSink<E>

  init(_ sink: LogSink<E>) { self.sink = sink }

  /// Writes or counts a line. A log that has a record of each client gets each line, too.
  func write(_ line: ClientLine, of client: String) {
    guard line.level >= sink.level else { return }
    state.withLock { state in
      let now = SuspendingClock.now
      writeCounts(&state, until: now)
      if sink.level <= .debug || state.limiter.admits(line, at: now) {
        sink.write(line.level, line.text(of: client), line.message, line.fields(of: client))
      } else if !state.isTiming {
        state.isTiming = Thread.startAlone { self.waitUntilDue() }
      }
    }
  }

  /// Writes the counts that are left.
  func finish() { state.withLock { writeCounts(&$0, until: nil) } }

  private func writeCounts(_ state: inout State, until now: SuspendingClock.Instant?) {
    for (line, count) in state.limiter.takeCounts(until: now) {
      sink.write(line.level, line.text(repeated: count), line.message, line.fields(repeated: count))
    }
  }

  private func waitUntilDue() {
    while true {
      let due = state.withLock { state in
        writeCounts(&state, until: SuspendingClock.now)
        state.isTiming = state.limiter.due != nil
        return state.limiter.due
      }
      guard let due else { return }
      // Rounded up to whole seconds.
      sleep(UInt32(clamping: SuspendingClock.now.duration(to: due).components.seconds + 1))
    }
  }
}
