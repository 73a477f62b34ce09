internal import IPC
internal import SystemPackage

/// The limits of a server's log.
enum LogLimit {
  /// Maximum bytes of log lines that wait for a reader.
  static let queue = 1_048_576
  /// How long a server that ends waits for a reader of its log; a second stop ends this wait at once.
  static let finalWait = Duration.seconds(1)
  /// Lines about clients that differ in the client's address only, and are written within `repeatTime`.
  static let repeats = 10
  static let repeatTime = Duration.seconds(60)
}

/// Writes log lines to standard error. A server never waits for their reader, since it would serve nobody meanwhile.
///
/// A line that standard error does not take waits in a queue, and a thread waits for the reader. If the queue is full,
/// further lines are dropped and counted until the queue is empty; then the count is the next line. The server writes
/// to a descriptor of its own, because O_NONBLOCK on standard error would also apply to the programs that share it.
final class LogWriter<E: Engine>: Sendable {
  private struct State: Sendable {
    var queue: [UInt8] = []
    /// Lines that are in the queue, or that a line in the queue counts.
    var queued = 0
    var dropped = 0
    /// A thread waits for the reader.
    var isWaiting = false
    var stops = 0
  }

  private let state = Locked(State())
  private let waitsForReader: Bool
  private let target: FileDescriptor
  /// Makes the line that counts the dropped ones.
  private let countLine: @Sendable (Int) -> [UInt8]

  /// - Parameter waitsForReader: Lines are never dropped, as in a client, which can be interrupted at any time.
  init(waitsForReader: Bool, countLine: @escaping @Sendable (Int) -> [UInt8]) {
    let writer = waitsForReader ? nil : try? E.openWriter(.standardError).release()
    target = writer.map(FileDescriptor.init(rawValue:)) ?? .standardError
    self.waitsForReader = waitsForReader
    self.countLine = countLine
  }

  deinit { if target != .standardError { try? target.close() } }

  func write(_ line: [UInt8]) {
    guard !waitsForReader else {
      // An error of standard error can't be reported anywhere.
      try? E.write(.standardError, line.span)
      return
    }
    state.withLock { state in
      flush(&state)
      guard state.dropped == 0, state.queue.count + line.count <= LogLimit.queue else { return state.dropped += 1 }
      state.queue += line
      state.queued += 1
      flush(&state)
      guard !state.queue.isEmpty, !state.isWaiting else { return }
      state.isWaiting = Thread.startAlone { self.waitForReader() }
    }
  }

  /// Writes what standard error takes now.
  private func flush(_ state: inout State) {
    while true {
      if state.queue.isEmpty {
        guard state.dropped > 0 else { return }
        (state.queue, state.queued, state.dropped) = (countLine(state.dropped), state.dropped, 0)
      }
      let isWritten = writeQueue(&state)
      if !state.queue.isEmpty { return }
      if !isWritten { state.dropped += state.queued }
      state.queued = 0
      if !isWritten { return }
    }
  }

  /// Writes of the queue what standard error takes now. Returns false if it failed, and then clears the queue.
  private func writeQueue(_ state: inout State) -> Bool {
    let queue = state.queue
    var written = 0
    do throws(Failure) {
      while written < queue.count {
        guard let count = try E.writeSome(target, queue.span.extracting(droppingFirst: written)) else { break }
        written += count
      }
    } catch {
      state.queue = []
      return false
    }
    state.queue = Array(queue[written...])
    return true
  }

  /// Returns whether the queue is empty.
  private func isFlushed(_ state: inout State) -> Bool {
    flush(&state)
    return state.queue.isEmpty
  }

  private func waitForReader() {
    while true {
      let isReady = (try? E.wait(target, for: .writable, stop: nil, timeout: nil)) != nil
      let isDone = state.withLock { state in
        state.isWaiting = isReady && !isFlushed(&state)
        return !state.isWaiting
      }
      if isDone { return }
    }
  }

  /// Counts a stop of the server.
  func takeStop() { state.withLock { $0.stops += 1 } }

  /// Waits a bounded time until the reader has taken all lines.
  /// - Parameter stop: A descriptor that cancels the wait once it is readable.
  func finish(stop: FileDescriptor?) {
    if waitsForReader { return }
    let end = SuspendingClock.now.advanced(by: LogLimit.finalWait)
    while !state.withLock({ isFlushed(&$0) || $0.stops > 1 }) {
      let left = SuspendingClock.now.duration(to: end)
      guard left > .zero, (try? E.wait(target, for: .writable, stop: stop, timeout: left)) != nil else { return }
    }
  }
}
