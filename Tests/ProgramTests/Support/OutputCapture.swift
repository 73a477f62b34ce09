import Dispatch
import Synchronization
import SystemPackage

/// Collects what a process writes, and lets a test wait for parts of it.
final class OutputCapture: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var hasEnded = false
    var waiters: [Waiter] = []
  }

  private struct Waiter {
    let isMet: @Sendable ([UInt8]) -> Bool
    let continuation: CheckedContinuation<Bool, Never>
  }

  private let state = Mutex(State())

  var bytes: Bytes { Bytes(state.withLock { $0.bytes }) }

  var text: String { String(decoding: bytes.array, as: UTF8.self) }

  /// Reads until the end, or at most `limit` bytes, in another thread. Then it closes the descriptor, so that further
  /// writes of the process fail with EPIPE, unless `closes` is false.
  func read(from descriptor: FileDescriptor, atMost limit: Int = .max, closes: Bool = true) {
    DispatchQueue.global().async {
      var (remaining, buffer) = (limit, [UInt8]())
      while remaining > 0 {
        buffer = [UInt8](repeating: 0, count: min(remaining, 65_536))
        guard let count = try? TestSystem.read(descriptor, into: &buffer), count > 0 else { break }
        self.append(buffer[..<count])
        remaining -= count
      }
      if closes { try? descriptor.close() }
      self.end()
    }
  }

  /// Waits until the bytes so far meet the condition; false if the output ends before.
  func wait(until isMet: @escaping @Sendable ([UInt8]) -> Bool) async -> Bool {
    await withCheckedContinuation { continuation in
      let met: Bool? = state.withLock { state in
        if isMet(state.bytes) { return true }
        if state.hasEnded { return false }
        state.waiters.append(Waiter(isMet: isMet, continuation: continuation))
        return nil
      }
      if let met { continuation.resume(returning: met) }
    }
  }

  func wait(for count: Int) async -> Bool { await wait { $0.count >= count } }

  func waitForEnd() async { _ = await wait { _ in false } }

  /// Waits for a complete line with this prefix, and returns the rest of the line.
  func line(after prefix: String) async -> String? {
    guard await wait(until: { Self.line(after: prefix, in: $0) != nil }) else { return nil }
    return Self.line(after: prefix, in: bytes.array)
  }

  /// Waits until a server listens, and returns its endpoint. Understands plain lines and both kinds of records.
  func listening() async -> String? {
    guard await wait(until: { Self.listening(in: $0) != nil }) else { return nil }
    return Self.listening(in: bytes.array)
  }

  private static func listening(in bytes: [UInt8]) -> String? {
    let line = /listening(?: endpoint="?| |","endpoint":")([^"\n]+)"?.*\n/
    return String(decoding: bytes, as: UTF8.self).firstMatch(of: line).map { String($0.1) }
  }

  private static func line(after prefix: String, in bytes: [UInt8]) -> String? {
    let whole = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    return whole.first { $0.starts(with: prefix.utf8) }.map {
      String(decoding: $0.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
  }

  private func append(_ more: ArraySlice<UInt8>) {
    let met = state.withLock { state in
      state.bytes += more
      let met = state.waiters.filter { $0.isMet(state.bytes) }
      state.waiters.removeAll { $0.isMet(state.bytes) }
      return met
    }
    for waiter in met { waiter.continuation.resume(returning: true) }
  }

  func end() {
    let waiters = state.withLock { state in
      state.hasEnded = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.continuation.resume(returning: false) }
  }
}
