// The gate to libc; its extensions are in `System+….swift`. The `unsafe` code is sound for one reason: the kernel uses
// a pointer only during the call, within the count beside it, and no pointer outlives its call.
internal import CProcess
internal import Glibc
internal import Synchronization
internal import SystemPackage

/// System calls with Swift types. A descriptor is a number that its owner closes once.
enum System {
  /// The only place that reads errno, directly after the call, and that retries EINTR.
  @discardableResult
  static func call<Result: FixedWidthInteger & SignedInteger>(_ body: () -> Result) throws(Errno) -> Int {
    while true {
      let returned = body()
      if returned >= 0 { return Int(returned) }
      let error = errno
      if error != EINTR { throw Errno(rawValue: error) }
    }
  }

  // MARK: Descriptors

  /// Locked while a descriptor is closed and while a program starts: until its exec, a child holds copies of all
  /// descriptors, and the peer of one that is closed meanwhile would see the end late.
  static let starting = Mutex(())

  /// Closes once: Linux has released the descriptor even if close(2) returns EINTR.
  static func close(_ descriptor: CInt) { starting.withLock { _ in _ = Glibc.close(descriptor) } }

  /// Reads at most `limit` bytes: empty at the end, nil if there is nothing to read yet.
  static func read(_ descriptor: CInt, atMost limit: Int) throws(Errno) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: limit)
    do throws(Errno) {
      let count = try call { unsafe Glibc.read(descriptor, &buffer, limit) }
      buffer.removeLast(limit - count)
      return buffer
    } catch  where error == .wouldBlock {
      return nil
    }
  }

  /// Writes; returns the number of bytes accepted, or 0 if the buffer is full. SIGPIPE must be blocked in the calling
  /// thread.
  static func write(_ descriptor: CInt, _ bytes: ArraySlice<UInt8>) throws(Errno) -> Int {
    do throws(Errno) {
      return try call { unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) } }
    } catch  where error == .wouldBlock {
      return 0
    }
  }

  /// Creates a close-on-exec pipe. The given end is non-blocking.
  static func pipe(nonBlockingReads: Bool) throws(Errno) -> (read: CInt, write: CInt) {
    var ends: [CInt] = [-1, -1]
    try call { unsafe pipe2(&ends, O_CLOEXEC) }
    try call { fcntl(ends[nonBlockingReads ? 0 : 1], F_SETFL, O_NONBLOCK) }
    return (ends[0], ends[1])
  }

  static func openNull() throws(Errno) -> CInt {
    CInt(try call { unsafe open("/dev/null", O_RDWR | O_CLOEXEC) })
  }

  /// A descriptor for poll(2), the requested events, and the result.
  struct Watch {
    let descriptor: CInt
    let forInput: Bool
    let forOutput: Bool
    /// Whether a call on the descriptor would not block; an error counts.
    fileprivate(set) var isReady = false

    init(_ descriptor: CInt, input: Bool = false, output: Bool = false) {
      (self.descriptor, forInput, forOutput) = (descriptor, input, output)
    }
  }

  /// Calls poll(2) once. An interruption counts as the end of the time.
  static func poll(_ watches: inout [Watch], milliseconds: Int) {
    var entries = watches.map { watch in
      let events = (watch.forInput ? POLLIN : 0) | (watch.forOutput ? POLLOUT : 0)
      return pollfd(fd: watch.descriptor, events: Int16(events), revents: 0)
    }
    let count = unsafe Glibc.poll(&entries, nfds_t(entries.count), CInt(clamping: milliseconds))
    for index in watches.indices { watches[index].isReady = count > 0 && entries[index].revents != 0 }
  }

  /// Compares with memcmp(3), because bulk data is compared often.
  static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    guard first.count == second.count else { return false }
    return unsafe first.withUnsafeBytes { first in
      unsafe second.withUnsafeBytes { second in
        unsafe first.count == 0 || memcmp(first.baseAddress!, second.baseAddress!, first.count) == 0
      }
    }
  }

  // MARK: The thread and the machine

  /// Runs the body with SIGPIPE blocked in this thread, and removes a pending one.
  static func withoutSIGPIPE<R>(_ body: () -> R) -> R {
    var (pipe, before) = (sigset_t(), sigset_t())
    unsafe sigemptyset(&pipe)
    unsafe sigaddset(&pipe, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &pipe, &before)
    let result = body()
    var now = timespec()
    unsafe _ = sigtimedwait(&pipe, nil, &now)
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    return result
  }

  static var processors: Int { max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))) }

  /// The name and the version of the C library, such as `glibc 2.36`.
  static var libc: String {
    var text = [UInt8](repeating: 0, count: 64)
    _ = unsafe text.withUnsafeMutableBytes { unsafe confstr(CInt(_CS_GNU_LIBC_VERSION), $0.baseAddress, $0.count) }
    return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The time in seconds since 1970.
  static var seconds: Int { time(nil) }

  static func environment(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }

  /// The environment, as `NAME=value`.
  static func environment() -> [String] {
    var (list, index) = ([String](), 0)
    while let entry = unsafe environ[index] {
      unsafe list.append(String(cString: entry))
      index += 1
    }
    return list
  }

  static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }

  static var processIdentifier: CInt { getpid() }
}
