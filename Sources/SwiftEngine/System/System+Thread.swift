// Part of the gate to libc: threads, locks and pipes. System.swift explains why it is sound.
internal import CLinux
internal import Glibc
internal import IPC

/// The body of a new thread: the starting thread passes its reference to the new one.
private final class Start: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// A thread that must be joined.
struct Thread {
  fileprivate let handle: pthread_t

  func join() { _ = pthread_join(handle, nil) }
}

/// A value that a lock protects. It is pthread_mutex_lock(3), since the thread sanitizer does not know
/// Synchronization's Mutex. It is sendable because the value can be accessed only while the lock is held.
@safe final class Locked<Value: Sendable>: @unchecked Sendable {
  private var value: Value
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init(_ value: Value) {
    self.value = value
    unsafe mutex.initialize(to: pthread_mutex_t())
    _ = unsafe pthread_mutex_init(mutex, nil)
  }

  deinit {
    _ = unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    _ = unsafe pthread_mutex_lock(mutex)
    defer { _ = unsafe pthread_mutex_unlock(mutex) }
    return body(&value)
  }
}

/// Both ends of a pipe that wakes a thread: close-on-exec, non-blocking, and in packet mode (O_DIRECT of pipe(2)), so
/// that each write is read on its own.
final class Pipe: Sendable {
  let output: Descriptor
  let input: Descriptor

  /// - Parameter mode: Flags of pipe2(2). In packet mode (O_DIRECT) each read takes one signal.
  init(mode: CInt = O_NONBLOCK | O_DIRECT) throws(Cause) {
    let ends = try System.pipe(mode: mode)
    output = Descriptor(owning: ends.output)
    input = Descriptor(owning: ends.input)
  }

  /// Writes one byte. If the pipe is full, enough signals are pending.
  func signal() {
    let byte: [UInt8] = [0]
    _ = System.write(input.number, byte.span)
  }

  /// Reads a byte; returns whether there was one.
  func receive() -> Bool {
    var byte: [UInt8] = [0]
    var span = byte.mutableSpan
    return System.read(output.number, &span) == 1
  }
}

extension System {
  /// pipe2(2) with O_CLOEXEC.
  static func pipe(mode: CInt = O_NONBLOCK | O_DIRECT) throws(Cause) -> (output: CInt, input: CInt) {
    var ends: [2 of CInt] = [-1, -1]
    var span = ends.mutableSpan
    let result = unsafe span.withUnsafeMutableBufferPointer { ends in
      call { unsafe pipe2(ends.baseAddress!, O_CLOEXEC | mode) }
    }
    try Cause.check(result)
    return (ends[0], ends[1])
  }

  /// pthread_create(3), which returns its error instead of setting errno.
  static func startThread(_ body: @escaping @Sendable () -> Void) throws(Cause) -> Thread {
    let start = unsafe Unmanaged.passRetained(Start(body))
    var handle = pthread_t()
    let error = unsafe pthread_create(
      &handle, nil,
      { context in
        unsafe Unmanaged<Start>.fromOpaque(context!).takeRetainedValue().body()
        return nil
      }, start.toOpaque())
    if error != 0 {
      unsafe start.release()
      throw Cause(code: error)
    }
    return Thread(handle: handle)
  }
}
