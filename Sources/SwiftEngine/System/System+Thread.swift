// The gate's part for threads, locks and pipes; what is said in System.swift holds here.
internal import CLinux
internal import Glibc
internal import IPC

/// What a thread runs: the thread that starts it gives it away, the new one takes it, once.
private final class Start: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// A thread that must be joined.
struct Thread {
  fileprivate let handle: pthread_t

  func join() { _ = pthread_join(handle, nil) }
}

/// A value behind a lock, pthread_mutex_lock(3): the thread sanitizer sees it, and does not see Synchronization's Mutex.
/// It is sendable because nobody reaches the value but with the lock, which lives as long as the value.
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

/// Both ends of a pipe, close-on-exec and non-blocking. What is told twice is taken twice (O_DIRECT of pipe(2)).
final class Pipe: Sendable {
  let output: Descriptor
  let input: Descriptor

  init?() {
    var ends: [2 of CInt] = [-1, -1]
    var span = ends.mutableSpan
    let result = unsafe span.withUnsafeMutableBufferPointer { ends in
      System.call { unsafe pipe2(ends.baseAddress!, O_CLOEXEC | O_NONBLOCK | O_DIRECT) }
    }
    guard result >= 0 else { return nil }
    output = Descriptor(owning: ends[0])
    input = Descriptor(owning: ends[1])
  }

  /// One byte, whose value says nothing. A pipe that is full has been told already.
  func tell() {
    let byte: [UInt8] = [0]
    _ = System.write(input.number, byte.span)
  }

  /// Takes a byte, if there is one.
  func take() -> Bool {
    var byte: [UInt8] = [0]
    var span = byte.mutableSpan
    return System.read(output.number, &span) == 1
  }
}

extension System {
  /// pthread_create(3); nil where there is no room for another thread.
  static func startThread(_ body: @escaping @Sendable () -> Void) -> Thread? {
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
      return nil
    }
    return Thread(handle: handle)
  }
}
