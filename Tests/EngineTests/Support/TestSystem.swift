// The one gate to libc, with the other files of that name, and the only unsafe code of these tests: raw peers, threads and files,
// without either engine.
// What is `unsafe` here is sound for one reason throughout: the kernel borrows what a pointer shows for the length of the
// call, within the count beside it.
internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage

/// Two descriptors that belong together: of a pipe the reader first.
struct Pair: ~Copyable {
  let first: Descriptor
  let second: Descriptor

  consuming func release() -> (first: CInt, second: CInt) { (first.release(), second.release()) }
}

enum Kernel {
  /// errno, read at once after the call.
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

  static func pipe(nonBlocking: Bool = false) throws(Errno) -> Pair {
    var ends: [CInt] = [-1, -1]
    try check { unsafe pipe2(&ends, O_CLOEXEC | (nonBlocking ? O_NONBLOCK : 0)) }
    return Pair(first: Descriptor(owning: ends[0]), second: Descriptor(owning: ends[1]))
  }

  static func socketPair(nonBlocking: Bool = false) throws(Errno) -> Pair {
    var ends: [CInt] = [-1, -1]
    let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | (nonBlocking ? SOCK_NONBLOCK.rawValue : 0)
    try check { unsafe socketpair(AF_UNIX, CInt(type), 0, &ends) }
    return Pair(first: Descriptor(owning: ends[0]), second: Descriptor(owning: ends[1]))
  }

  // MARK: Sockets

  static func socket(for endpoint: Endpoint, nonBlocking: Bool = false) throws(Errno) -> Descriptor {
    let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | (nonBlocking ? SOCK_NONBLOCK.rawValue : 0)
    let family = CInt(address(of: endpoint)[0])
    return Descriptor(owning: CInt(try check { Glibc.socket(family, CInt(type), 0) }))
  }

  static func bind(_ socket: borrowing Descriptor, to endpoint: Endpoint) throws(Errno) {
    let (number, bytes) = (socket.number, address(of: endpoint))
    try check { withAddress(bytes) { unsafe Glibc.bind(number, $0, $1) } }
  }

  static func listen(_ socket: borrowing Descriptor, backlog: CInt) throws(Errno) {
    let number = socket.number
    try check { Glibc.listen(number, backlog) }
  }

  static func connect(_ socket: borrowing Descriptor, to endpoint: Endpoint) throws(Errno) {
    let (number, bytes) = (socket.number, address(of: endpoint))
    try check { withAddress(bytes) { unsafe Glibc.connect(number, $0, $1) } }
  }

  static func accept(_ listener: borrowing Descriptor) throws(Errno) -> Descriptor {
    let number = listener.number
    return Descriptor(owning: CInt(try check { Glibc.accept(number, nil, nil) }))
  }

  static func halfClose(_ number: CInt) throws(Errno) {
    try check { Glibc.shutdown(number, CInt(SHUT_WR)) }
  }

  /// The time after which a blocking call on the socket is EAGAIN.
  static func limit(_ socket: borrowing Descriptor, seconds: Int) throws(Errno) {
    let number = socket.number
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      try check { unsafe setsockopt(number, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size)) }
    }
  }

  /// Closing is a reset from now on.
  static func resetOnClose(_ socket: borrowing Descriptor) throws(Errno) {
    let number = socket.number
    var linger = linger(l_onoff: 1, l_linger: 0)
    try check {
      unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }
  }

  static func option(_ socket: CInt, _ level: CInt, _ option: CInt) throws(Errno) -> CInt {
    var (value, length) = (CInt(0), socklen_t(MemoryLayout<CInt>.size))
    try check { unsafe getsockopt(socket, level, option, &value, &length) }
    return value
  }

  struct Flags: Equatable {
    let closeOnExec: Bool
    let nonBlocking: Bool
  }

  static func descriptorFlags(_ number: CInt) -> Flags {
    Flags(closeOnExec: fcntl(number, F_GETFD) & FD_CLOEXEC != 0, nonBlocking: fcntl(number, F_GETFL) & O_NONBLOCK != 0)
  }

  /// Bytes that wait to be received.
  static func waiting(_ number: CInt) throws(Errno) -> Int {
    var count: CInt = 0
    try check { unsafe ioctl(number, UInt(FIONREAD), &count) }
    return Int(count)
  }

  static func port(of socket: borrowing Descriptor) throws(Errno) -> UInt16 {
    let number = socket.number
    var (bytes, length) = ([UInt8](repeating: 0, count: 128), socklen_t(128))
    try check {
      unsafe bytes.withUnsafeMutableBytes {
        unsafe getsockname(number, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
      }
    }
    return UInt16(bytes[2]) << 8 | UInt16(bytes[3])
  }

  /// The layouts of `struct sockaddr_in`, `sockaddr_in6` and `sockaddr_un`; of hosts the two loopback addresses.
  private static func address(of endpoint: Endpoint) -> [UInt8] {
    switch endpoint {
    case .tcp("127.0.0.1", let port):
      [UInt8(AF_INET), 0, UInt8(port >> 8), UInt8(port & 0xFF), 127, 0, 0, 1] + [UInt8](repeating: 0, count: 8)
    case .tcp("::1", let port):
      [UInt8(AF_INET6), 0, UInt8(port >> 8), UInt8(port & 0xFF)] + [UInt8](repeating: 0, count: 19) + [1, 0, 0, 0, 0]
    case .tcp(let host, _): preconditionFailure("no raw peer at \(host)")
    case .unix(let path): [UInt8(AF_UNIX), 0] + path + [0]
    case .abstract(let name): [UInt8(AF_UNIX), 0, 0] + name
    case .pipe, .queue, .memory: preconditionFailure("no raw peer over a link")
    }
  }

  @safe private static func withAddress<R>(_ bytes: [UInt8], _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    unsafe bytes.withUnsafeBytes {
      unsafe body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
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

  /// Whether it can be read, or has ended or failed, within the time.
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

  /// Starts a thread in which SIGPIPE is blocked: a write to a closed pipe is EPIPE there, and nowhere else.
  static func startThread(_ body: @escaping @Sendable () -> Void) throws(Errno) -> pthread_t {
    let box = unsafe Unmanaged.passRetained(Body(run: body))
    var thread = pthread_t()
    let error = unsafe pthread_create(
      &thread, nil,
      { argument in
        Kernel.block(SIGPIPE)
        unsafe Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    if error != 0 {
      unsafe box.release()
      throw Errno(rawValue: error)
    }
    return thread
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }

  static func join(_ thread: pthread_t) { pthread_join(thread, nil) }

  /// In the calling thread.
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

  /// Also lets the signal come: the threads of libdispatch block it.
  static func handle(_ number: CInt, ignore: Bool) {
    signal(number, ignore ? SIG_IGN : SIG_DFL)
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, number)
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  static func raiseHere(_ signal: CInt) { pthread_kill(pthread_self(), signal) }

  // MARK: The process

  /// The descriptors of this process that are open, as far as tests get.
  static func openDescriptors() -> [CInt] { (0..<4096).filter { fcntl($0, F_GETFD) >= 0 } }

  static func environment(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }

  static var processIdentifier: CInt { getpid() }

  static func resolverText(_ code: CInt) -> String { unsafe String(cString: gai_strerror(code)) }
}
