// The gate to libc of these tests, together with the other TestSystem files, Locked.swift and SharedObject.swift: the only
// unsafe code here, independent of both engines. Each `unsafe` expression is sound for one reason: during the call, the kernel
// accesses only the memory between the pointer and the count beside it.
internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage

/// The two descriptors of a socket pair or a pipe. A pipe's reader comes first.
struct DescriptorPair: ~Copyable {
  let first: Descriptor
  let second: Descriptor

  consuming func release() -> (first: CInt, second: CInt) { (first.release(), second.release()) }
}

enum TestSystem {
  /// Repeats an interrupted call. Reads errno immediately after the call, before any other code can change it.
  @inline(__always) @discardableResult
  static func check<Result: FixedWidthInteger & SignedInteger>(_ body: () -> Result) throws(Errno) -> Int {
    while true {
      let returned = body()
      if returned >= 0 { return Int(returned) }
      let error = errno
      if error != EINTR { throw Errno(rawValue: error) }
    }
  }

  // MARK: Pairs

  static func pipe(nonBlocking: Bool = false) throws(Errno) -> DescriptorPair {
    var ends: [CInt] = [-1, -1]
    try check { unsafe pipe2(&ends, O_CLOEXEC | (nonBlocking ? O_NONBLOCK : 0)) }
    return DescriptorPair(first: Descriptor(owning: ends[0]), second: Descriptor(owning: ends[1]))
  }

  static func socketPair(nonBlocking: Bool = false) throws(Errno) -> DescriptorPair {
    var ends: [CInt] = [-1, -1]
    let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | (nonBlocking ? SOCK_NONBLOCK.rawValue : 0)
    try check { unsafe socketpair(AF_UNIX, CInt(type), 0, &ends) }
    return DescriptorPair(first: Descriptor(owning: ends[0]), second: Descriptor(owning: ends[1]))
  }

  // MARK: Bytes

  static func send(_ number: CInt, _ bytes: ArraySlice<UInt8>, wait: Bool = true) throws(Errno) -> Int {
    let flags = CInt(MSG_NOSIGNAL) | (wait ? 0 : CInt(MSG_DONTWAIT))
    return try check { unsafe bytes.withUnsafeBytes { unsafe Glibc.send(number, $0.baseAddress, $0.count, flags) } }
  }

  static func read(_ number: CInt, atMost count: Int) throws(Errno) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let taken = try check {
      unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(number, $0.baseAddress, $0.count) }
    }
    return Array(bytes.prefix(taken))
  }

  static func write(_ descriptor: CInt, _ bytes: ArraySlice<UInt8>) throws(Errno) -> Int {
    try check { unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) } }
  }

  /// Whether the descriptor becomes readable, ends or fails within the time.
  static func isReadable(_ descriptor: CInt, within milliseconds: CInt) throws(Errno) -> Bool {
    try isReady(descriptor, POLLIN, milliseconds)
  }

  static func isWritable(_ descriptor: CInt, within milliseconds: CInt) throws(Errno) -> Bool {
    try isReady(descriptor, POLLOUT, milliseconds)
  }

  private static func isReady(_ descriptor: CInt, _ event: CInt, _ milliseconds: CInt) throws(Errno) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    return try check { unsafe poll(&entry, 1, milliseconds) } > 0
  }

  // MARK: Threads and signals

  /// Starts a thread that blocks SIGPIPE, so that in this thread a write to a closed pipe only fails with EPIPE.
  static func startThread(_ body: @escaping @Sendable () -> Void) throws(Errno) -> Thread {
    do throws(Cause) {
      return try Thread {
        TestSystem.block(SIGPIPE)
        body()
      }
    } catch {
      throw Errno(rawValue: error.code)
    }
  }

  /// Blocks a signal in the calling thread.
  static func block(_ signal: CInt) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, signal)
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  static func isBlocked(_ signal: CInt) -> Bool {
    var set = sigset_t()
    unsafe pthread_sigmask(SIG_BLOCK, nil, &set)
    return unsafe sigismember(&set, signal) == 1
  }

  /// Sets the signal's action and unblocks the signal, because the threads of libdispatch block it.
  static func handle(_ number: CInt, ignore: Bool) {
    signal(number, ignore ? SIG_IGN : SIG_DFL)
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, number)
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  static func raiseHere(_ signal: CInt) { pthread_kill(pthread_self(), signal) }

  // MARK: The process

  /// The open descriptors of this process. The tests use none above 4096.
  static func openDescriptors() -> [CInt] { (0..<4096).filter { fcntl($0, F_GETFD) >= 0 } }

  static func environment(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }

  static var processIdentifier: CInt { getpid() }

  static func resolverText(_ code: CInt) -> String { unsafe String(cString: gai_strerror(code)) }
}
