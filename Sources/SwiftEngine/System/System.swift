// The one gate to libc, and the only unsafe code of this module. Each function is one call with Swift's types around it;
// its result is the contract's: >= 0, or the negated errno. What is `unsafe` here is sound for one reason throughout: the
// kernel borrows what a pointer shows for the length of the call, within the count beside it.
internal import CLinux
internal import Glibc
internal import IPC

enum System {
  /// The one place that reads errno, at once after the call: reference counting may run between any two other lines.
  /// EINTR is retried, here only.
  @inline(__always)
  static func call<Result: FixedWidthInteger & SignedInteger>(_ body: () -> Result) -> Int {
    while true {
      let returned = body()
      if returned >= 0 { return Int(returned) }
      let error = errno
      if error != EINTR { return -Int(error) }
    }
  }

  /// For calls that must not be made twice.
  @inline(__always)
  static func once(_ body: () -> CInt) -> Int {
    let returned = body()
    return returned >= 0 ? Int(returned) : -Int(errno)
  }

  // MARK: Sockets

  static func socket(_ family: CInt, _ type: CInt) -> Int { call { Glibc.socket(family, type, 0) } }

  static func bind(_ socket: CInt, _ address: Address) -> Int {
    address.withPointer { pointer, length in call { unsafe Glibc.bind(socket, pointer, length) } }
  }

  static func listen(_ socket: CInt, _ backlog: CInt) -> Int { call { Glibc.listen(socket, backlog) } }

  /// An interrupted connect(2) goes on by itself: EINTR is the caller's to wait out.
  static func connect(_ socket: CInt, _ address: Address) -> Int {
    address.withPointer { pointer, length in once { unsafe Glibc.connect(socket, pointer, length) } }
  }

  static func localAddress(_ socket: CInt, _ address: inout Address) -> Int {
    address.fill { pointer, length in call { unsafe getsockname(socket, pointer, length) } }
  }

  static func peerAddress(_ socket: CInt, _ address: inout Address) -> Int {
    address.fill { pointer, length in call { unsafe getpeername(socket, pointer, length) } }
  }

  static func setOption<Value: BitwiseCopyable>(_ socket: CInt, _ level: CInt, _ option: CInt, _ value: Value) -> Int {
    var value = value
    return call { unsafe setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<Value>.size)) }
  }

  /// An option of the socket that is a number, or the negated errno of asking for it.
  static func option(_ socket: CInt, _ option: CInt) -> Int {
    var value: CInt = 0
    var length = socklen_t(MemoryLayout<CInt>.size)
    let result = call { unsafe getsockopt(socket, SOL_SOCKET, option, &value, &length) }
    return result < 0 ? result : Int(value)
  }

  static func shutdown(_ socket: CInt, _ how: CInt) -> Int { call { Glibc.shutdown(socket, how) } }

  // MARK: Bytes

  static func receive(_ socket: CInt, _ buffer: inout MutableSpan<UInt8>, after held: Int = 0) -> Int {
    unsafe buffer.withUnsafeMutableBytes { bytes in
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[held...])
      return call { unsafe recv(socket, room.baseAddress, room.count, 0) }
    }
  }

  static func send(_ socket: CInt, _ bytes: Span<UInt8>, _ flags: CInt) -> Int {
    unsafe bytes.withUnsafeBytes { bytes in
      call { unsafe Glibc.send(socket, bytes.baseAddress, bytes.count, flags) }
    }
  }

  static func read(_ descriptor: CInt, _ buffer: inout MutableSpan<UInt8>, after held: Int = 0) -> Int {
    unsafe buffer.withUnsafeMutableBytes { bytes in
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[held...])
      return call { unsafe Glibc.read(descriptor, room.baseAddress, room.count) }
    }
  }

  static func write(_ descriptor: CInt, _ bytes: Span<UInt8>) -> Int {
    unsafe bytes.withUnsafeBytes { bytes in
      call { unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
    }
  }

  static func send(_ socket: CInt, _ bytes: Span<UInt8>, to address: Address) -> Int {
    unsafe bytes.withUnsafeBytes { bytes in
      address.withPointer { pointer, length in
        call { unsafe sendto(socket, bytes.baseAddress, bytes.count, Socket.noSignal, pointer, length) }
      }
    }
  }

  /// SIOCOUTQ of tcp(7): bytes that the peer has not acknowledged.
  static func unsent(_ socket: CInt) -> Int {
    var bytes: CInt = 0
    let result = call { unsafe ioctl(socket, UInt(TIOCOUTQ), &bytes) }
    return result < 0 ? result : Int(bytes)
  }

  /// From a socket to a pipe; it waits for nothing, or for room in the pipe only.
  static func splice(_ socket: CInt, _ pipe: CInt, _ length: Int, blocks: Bool) -> Int {
    call { CLinux.splice(socket, nil, pipe, nil, length, blocks ? 0 : UInt32(SPLICE_F_NONBLOCK)) }
  }

  // MARK: Descriptors

  static func isPipe(_ descriptor: CInt) -> Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
  }

  /// Not retried: Linux has let the descriptor go even where close(2) says EINTR.
  static func close(_ descriptor: CInt) -> Int {
    let result = once { Glibc.close(descriptor) }
    return result == -Int(EINTR) ? 0 : result
  }

  static func setCloseOnExec(_ descriptor: CInt) -> Int { call { fcntl(descriptor, F_SETFD, FD_CLOEXEC) } }

  static func setBlocking(_ descriptor: CInt, _ blocking: Bool) -> Int {
    let flags = call { fcntl(descriptor, F_GETFL) }
    if flags < 0 { return flags }
    let wanted = blocking ? CInt(flags) & ~O_NONBLOCK : CInt(flags) | O_NONBLOCK
    return call { fcntl(descriptor, F_SETFL, wanted) }
  }

  /// poll(2) until the deadline; the number of ready descriptors, 0 at the deadline.
  static func poll<let count: Int>(_ set: inout InlineArray<count, pollfd>, until deadline: Deadline) -> Int {
    var span = set.mutableSpan
    return unsafe span.withUnsafeMutableBufferPointer { entries in
      call { unsafe Glibc.poll(entries.baseAddress, nfds_t(entries.count), deadline.remaining) }
    }
  }

  // MARK: Time

  /// Milliseconds of the monotonic clock.
  static func now() -> Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  // MARK: Files

  static func openFolder(_ path: [UInt8]) -> Int {
    withPath(path) { path in call { unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) } }
  }

  static func tryLock(_ descriptor: CInt) -> Int { call { flock(descriptor, LOCK_EX | LOCK_NB) } }

  static func setMode(_ descriptor: CInt, _ mode: mode_t) -> Int { call { fchmod(descriptor, mode) } }

  static func status(_ path: [UInt8], _ status: inout stat) -> Int {
    withPath(path) { path in call { unsafe lstat(path, &status) } }
  }

  static func unlink(_ path: [UInt8]) -> Int {
    withPath(path) { path in call { unsafe Glibc.unlink(path) } }
  }

  @safe static func withPath<R>(_ path: [UInt8], _ body: (UnsafePointer<CChar>) -> R) -> R {
    let terminated = path.map { CChar(bitPattern: $0) } + [0]
    return unsafe terminated.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
  }

  // MARK: Signals

  static func ignore(_ signal: CInt) -> Int {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = SIG_IGN
    return call { unsafe sigaction(signal, &action, nil) }
  }

  /// Blocks those of the signals that are not ignored; a descriptor that is readable when one has come.
  static func signalDescriptor(_ signals: [CInt]) -> Int {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in signals {
      var now = sigaction()
      let result = call { unsafe sigaction(signal, nil, &now) }
      if result < 0 { return result }
      // A function pointer has no ==; SIG_IGN is the address 1.
      let handler = unsafe unsafeBitCast(now.__sigaction_handler.sa_handler, to: Int.self)
      if unsafe handler != unsafeBitCast(SIG_IGN, to: Int.self) { unsafe sigaddset(&set, signal) }
    }
    let error = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    return error != 0 ? -Int(error) : call { unsafe signalfd(-1, &set, CInt(SFD_CLOEXEC | SFD_NONBLOCK)) }
  }
}
