// The gate to libc: only the files in this folder contain unsafe code. Each function makes one call with Swift types,
// and returns what a C function of the contract returns: >= 0, or a negated errno. The unsafe code is sound for one
// reason: the kernel uses a pointer only during the call, and only for the count that is passed with it.
internal import CLinux
internal import Glibc
internal import IPC

enum System {
  /// Whether a result means that the call would block.
  @inline(__always)
  static func wouldBlock(_ result: Int) -> Bool { result == -Int(EAGAIN) }

  /// Reads errno right after the call, since reference counting may run between any two other lines. Retries EINTR.
  @inline(__always)
  static func call<Result: FixedWidthInteger & SignedInteger>(_ body: () -> Result) -> Int {
    while true {
      let returned = body()
      if returned >= 0 { return Int(returned) }
      let error = errno
      if error != EINTR { return -Int(error) }
    }
  }

  /// As `call`, but does not repeat an interrupted call.
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

  /// After EINTR the kernel goes on connecting: the caller must wait, not call again.
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

  /// getsockopt(2) of a number; returns its value.
  static func option(_ socket: CInt, _ level: CInt, _ option: CInt) -> Int {
    var value: CInt = 0
    var length = socklen_t(MemoryLayout<CInt>.size)
    let result = call { unsafe getsockopt(socket, level, option, &value, &length) }
    return result < 0 ? result : Int(value)
  }

  static func shutdown(_ socket: CInt, _ how: CInt) -> Int { call { Glibc.shutdown(socket, how) } }

  // MARK: Bytes

  static func receive(_ socket: CInt, _ buffer: inout MutableSpan<UInt8>, after held: Int = 0, most: Int = .max) -> Int
  {
    unsafe buffer.withUnsafeMutableBytes { bytes in
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[held...].prefix(most))
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

  static func send(_ socket: CInt, _ bytes: Span<UInt8>, _ flags: CInt, to address: Address) -> Int {
    unsafe bytes.withUnsafeBytes { bytes in
      address.withPointer { pointer, length in
        call { unsafe sendto(socket, bytes.baseAddress, bytes.count, flags, pointer, length) }
      }
    }
  }

  /// SIOCOUTQ of tcp(7): returns the bytes that the peer has not acknowledged.
  static func unsent(_ socket: CInt) -> Int { bytes(socket, UInt(TIOCOUTQ)) }

  /// FIONREAD of tcp(7) and unix(7): returns the bytes that have arrived, and that nobody has read.
  static func unread(_ socket: CInt) -> Int { bytes(socket, UInt(FIONREAD)) }

  private static func bytes(_ socket: CInt, _ request: UInt) -> Int {
    var count: CInt = 0
    let result = call { unsafe ioctl(socket, request, &count) }
    return result < 0 ? result : Int(count)
  }

  /// splice(2) to a pipe; if it `blocks`, it waits for room in the pipe.
  static func splice(_ source: CInt, _ pipe: CInt, _ length: Int, blocks: Bool) -> Int {
    call { CLinux.splice(source, nil, pipe, nil, length, blocks ? 0 : UInt32(SPLICE_F_NONBLOCK)) }
  }

  // MARK: Descriptors

  private static func isKind(_ kind: mode_t, _ descriptor: CInt) -> Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == kind
  }

  static func isPipe(_ descriptor: CInt) -> Bool { isKind(S_IFIFO, descriptor) }

  static func isSocket(_ descriptor: CInt) -> Bool { isKind(S_IFSOCK, descriptor) }

  static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }

  /// Whether the descriptor is the terminal that controls this process.
  static func isControllingTerminal(_ descriptor: CInt) -> Bool { tcgetsid(descriptor) >= 0 }

  static func isNonBlocking(_ descriptor: CInt) -> Bool {
    let flags = call { fcntl(descriptor, F_GETFL) }
    return flags >= 0 && CInt(flags) & O_NONBLOCK != 0
  }

  /// Whether the descriptor was opened for writing.
  static func canWrite(_ descriptor: CInt) -> Bool {
    let flags = call { fcntl(descriptor, F_GETFL) }
    return flags >= 0 && CInt(flags) & O_ACCMODE != O_RDONLY
  }

  /// Opens a pipe or a terminal for writing without waiting.
  static func openWriter(_ path: [UInt8]) -> Int {
    withPath(path) { path in call { unsafe Glibc.open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) } }
  }

  /// F_DUPFD_CLOEXEC of fcntl(2).
  static func duplicate(_ descriptor: CInt, atLeast least: CInt) -> Int {
    call { fcntl(descriptor, F_DUPFD_CLOEXEC, least) }
  }

  /// dup3(2): replaces the descriptor `number` by a copy of another one.
  static func duplicate(_ descriptor: CInt, onto number: CInt) -> Int { call { dup3(descriptor, number, O_CLOEXEC) } }

  /// Not retried: Linux closes the descriptor even if close(2) returns EINTR.
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

  /// poll(2); returns the number of ready descriptors, or 0 at the deadline.
  static func poll<let count: Int>(_ set: inout InlineArray<count, pollfd>, until deadline: Deadline) -> Int {
    var span = set.mutableSpan
    return unsafe span.withUnsafeMutableBufferPointer { entries in
      call { unsafe Glibc.poll(entries.baseAddress, nfds_t(entries.count), deadline.remaining) }
    }
  }

  static func poll(_ set: inout [pollfd], until deadline: Deadline) -> Int {
    unsafe set.withUnsafeMutableBufferPointer { entries in
      call { unsafe Glibc.poll(entries.baseAddress, nfds_t(entries.count), deadline.remaining) }
    }
  }

  // MARK: Files

  static func tryLock(_ descriptor: CInt) -> Int { call { flock(descriptor, LOCK_EX | LOCK_NB) } }

  static func setMode(_ descriptor: CInt, _ mode: mode_t) -> Int { call { fchmod(descriptor, mode) } }

  /// lchown(2) of the group only.
  static func setGroup(_ path: [UInt8], _ group: gid_t) -> Int {
    withPath(path) { path in call { unsafe lchown(path, uid_t.max, group) } }
  }

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

  /// Returns 1 if a signal is ignored, 0 if it is not.
  static func isIgnored(_ signal: CInt) -> Int {
    var action = sigaction()
    let result = call { unsafe sigaction(signal, nil, &action) }
    if result < 0 { return result }
    // Function pointers can't be compared; SIG_IGN is the address 1.
    let handler = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    return unsafe handler == unsafeBitCast(SIG_IGN, to: Int.self) ? 1 : 0
  }

  /// Blocks signals; returns a descriptor that is readable after one of them (signalfd(2)).
  static func signalDescriptor(_ signals: [CInt]) -> Int {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in signals { unsafe sigaddset(&set, signal) }
    let error = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    return error != 0 ? -Int(error) : call { unsafe signalfd(-1, &set, CInt(SFD_CLOEXEC | SFD_NONBLOCK)) }
  }
}
