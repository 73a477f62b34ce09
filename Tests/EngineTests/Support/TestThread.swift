// Work in a thread of its own, so that a test can wait for the work with a time limit.
internal import Glibc
internal import IPC
internal import Synchronization
internal import SystemPackage

/// The limit of every wait in these tests: far more than any of them takes, even on a busy machine.
let timeoutSeconds = 20

struct TimeoutError: Error, CustomStringConvertible {
  let description: String
  init(_ what: String) { description = "\(what) took more than \(timeoutSeconds) seconds" }
}

/// A thread that returns a value.
final class TestThread<Value: Sendable> {
  private let box: Box
  private let thread: Thread
  private var isJoined = false

  /// The state that the thread shares with the object that started it. It lives as long as either of them.
  private final class Box: Sendable {
    let value = Mutex<Result<Value, any Error>?>(nil)
    let reader: CInt
    let writer: CInt

    init() throws(Errno) {
      let pipe = try TestSystem.pipe()
      (reader, writer) = pipe.release()
    }

    deinit {
      _ = Descriptor(owning: reader)
      _ = Descriptor(owning: writer)
    }
  }

  init(_ body: @escaping @Sendable () throws -> Value) throws(Errno) {
    let box = try Box()
    self.box = box
    thread = try TestSystem.startThread {
      let value = Result { try body() }
      box.value.withLock { $0 = value }
      _ = try? TestSystem.write(box.writer, [0])
    }
  }

  /// Waits for the end of the thread.
  ///
  /// - Throws: `TimeoutError`, or the error of the body.
  func value() throws -> Value {
    try join()
    return try box.value.withLock { $0! }.get()
  }

  private func join() throws {
    if isJoined { return }
    guard try TestSystem.isReadable(box.reader, within: CInt(timeoutSeconds * 1000)) else {
      throw TimeoutError("a thread")
    }
    thread.join()
    isJoined = true
  }

  deinit { try? join() }
}
