// The output of the message service: prints lines without ever waiting for their reader.
internal import IPC
internal import SystemPackage

/// Where the message service of a server prints: all its sessions share it. It holds the line that is being written, so
/// that lines never mix, and a line that was begun is also completed if its session ends.
final class Output: Sendable {
  private struct State: Sendable {
    var line: [UInt8] = []
    /// Bytes of `line`.
    var written = 0
    /// Lines; each session's line is known by its number.
    var taken: UInt64 = 0
    var done: UInt64 = 0
  }

  /// The caller's descriptor, for events.
  let number: CInt
  /// To write to, and to wait for.
  let descriptor: FileDescriptor
  /// The lock is for workers, which print at the same time.
  private let state = Locked(State())

  private init(_ number: CInt, writer: CInt) {
    (self.number, descriptor) = (number, FileDescriptor(rawValue: writer))
  }

  /// Opens the output, or none if there is no descriptor. Borrows the descriptor.
  static func open(_ descriptor: FileDescriptor?) -> Output {
    guard let descriptor else { return Output(-1, writer: -1) }
    let writer = try? SwiftEngine.openWriter(descriptor).release()
    return Output(descriptor.rawValue, writer: writer ?? descriptor.rawValue)
  }

  /// Writes the rest of the line that was taken last. Returns whether all of it is written.
  private func writeRest(_ state: inout State) throws(Failure) -> Bool {
    let line = state.line
    while state.written < line.count {
      let rest = line.span.extracting(droppingFirst: state.written)
      guard let count = try SwiftEngine.writeSome(descriptor, rest) else { return false }
      state.written += count
    }
    state.done = state.taken
    return true
  }

  private static func take(_ line: [UInt8], _ state: inout State) {
    (state.line, state.written) = (line, 0)
    state.taken += 1
  }

  private func print(_ line: [UInt8], _ number: inout UInt64, _ state: inout State) throws(Failure) -> Bool {
    var isWritten = try writeRest(&state)
    if isWritten, number == 0 {
      Self.take(line, &state)
      number = state.taken
      isWritten = try writeRest(&state)
    }
    return isWritten || (number > 0 && number <= state.done)  // another session's line waits
  }

  /// Prints a line without waiting. `number` is 0 before the first call, and then the line's own.
  /// - Returns: Whether it was printed; if not, the same call is to be repeated when the output is writable.
  func print(_ line: [UInt8], _ number: inout UInt64) throws(Failure) -> Bool {
    var (known, isPrinted, failure) = (number, false, Failure?.none)
    state.withLock { state in
      do throws(Failure) { isPrinted = try print(line, &known, &state) } catch { failure = error }
    }
    number = known
    if let failure { throw failure }
    return isPrinted
  }

  func close() {
    if number >= 0 { state.withLock { state in _ = try? writeRest(&state) } }
    if descriptor.rawValue != number { _ = System.close(descriptor.rawValue) }
  }
}
