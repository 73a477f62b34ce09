// The gate to libc, with its extensions in `System+….swift`. What is `unsafe` here is sound for one reason throughout:
// the kernel borrows what a pointer shows for the length of the call, within the count beside it, and no pointer
// outlives its call.
internal import CProcess
internal import Glibc
internal import Synchronization
internal import SystemPackage

/// Calls with Swift's types around them. A descriptor is a number that its holder closes, once.
enum System {
  /// The one place that reads errno, at once after the call. EINTR is retried, here only.
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

  /// Not retried: Linux has let the descriptor go even where close(2) says EINTR.
  /// Held while something is closed, and while a program is started: until its exec, a child holds copies of all
  /// descriptors, and what is closed meanwhile would end for its peer only then.
  static let starting = Mutex(())

  static func close(_ descriptor: CInt) { starting.withLock { _ in _ = Glibc.close(descriptor) } }

  /// Bytes as they come, at most the limit: empty is the end, nil is nothing yet.
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

  /// How many bytes were taken, 0 where there is no room. The thread must hold SIGPIPE back.
  static func write(_ descriptor: CInt, _ bytes: ArraySlice<UInt8>) throws(Errno) -> Int {
    do throws(Errno) {
      return try call { unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) } }
    } catch  where error == .wouldBlock {
      return 0
    }
  }

  /// Both ends close on exec; that of the given side does not block.
  static func pipe(nonBlockingReads: Bool) throws(Errno) -> (read: CInt, write: CInt) {
    var ends: [CInt] = [-1, -1]
    try call { unsafe pipe2(&ends, O_CLOEXEC) }
    try call { fcntl(ends[nonBlockingReads ? 0 : 1], F_SETFL, O_NONBLOCK) }
    return (ends[0], ends[1])
  }

  static func openNull() throws(Errno) -> CInt {
    CInt(try call { unsafe open("/dev/null", O_RDWR | O_CLOEXEC) })
  }

  /// What a descriptor is watched for, and what poll(2) found.
  struct Watch {
    let descriptor: CInt
    let forInput: Bool
    let forOutput: Bool
    /// Something can be done without waiting, be it to find an error.
    fileprivate(set) var isReady = false

    init(_ descriptor: CInt, input: Bool = false, output: Bool = false) {
      (self.descriptor, forInput, forOutput) = (descriptor, input, output)
    }
  }

  /// poll(2), once: an interruption looks like the end of the time.
  static func poll(_ watches: inout [Watch], milliseconds: Int) {
    var entries = watches.map { watch in
      let events = (watch.forInput ? POLLIN : 0) | (watch.forOutput ? POLLOUT : 0)
      return pollfd(fd: watch.descriptor, events: Int16(events), revents: 0)
    }
    let count = unsafe Glibc.poll(&entries, nfds_t(entries.count), CInt(clamping: milliseconds))
    for index in watches.indices { watches[index].isReady = count > 0 && entries[index].revents != 0 }
  }

  /// memcmp(3): bulk is compared often.
  static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    guard first.count == second.count else { return false }
    return unsafe first.withUnsafeBytes { first in
      unsafe second.withUnsafeBytes { second in
        unsafe first.count == 0 || memcmp(first.baseAddress!, second.baseAddress!, first.count) == 0
      }
    }
  }

  // MARK: The thread and the machine

  /// Runs the body with SIGPIPE held back in this thread, and takes off what came of it.
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

  static func environment(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }

  /// The whole environment, as `NAME=value`.
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
