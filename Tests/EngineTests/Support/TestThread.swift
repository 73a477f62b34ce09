// Work in a thread of its own, so that who waits for it can wait for its peer too, and give up.
internal import Glibc
internal import IPC
internal import Synchronization
internal import SystemPackage

/// Seconds within which every wait ends: far more than anything here takes, on however busy a machine.
let patience = 20

struct Overdue: Error, CustomStringConvertible {
  let description: String
  init(_ what: String) { description = "\(what) took more than \(patience) seconds" }
}

/// A thread that gives back a value.
final class Worker<Value: Sendable> {
  private let box: Box
  private let thread: pthread_t
  private var isJoined = false

  /// What the thread shares with its starter; lives as long as either.
  private final class Box: Sendable {
    let value = Mutex<Result<Value, any Error>?>(nil)
    let reader: CInt
    let writer: CInt

    init() throws(Errno) {
      let pipe = try Kernel.pipe()
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
    thread = try Kernel.startThread {
      let value = Result { try body() }
      box.value.withLock { $0 = value }
      _ = try? Kernel.write(box.writer, [0])
    }
  }

  /// Waits for the thread's end.
  func value() throws -> Value {
    try join()
    return try box.value.withLock { $0! }.get()
  }

  private func join() throws {
    if isJoined { return }
    guard try Kernel.isReadable(box.reader, within: CInt(patience * 1000)) else { throw Overdue("a thread") }
    Kernel.join(thread)
    isJoined = true
  }

  deinit { try? join() }
}
