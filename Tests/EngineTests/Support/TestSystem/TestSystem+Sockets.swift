// Sockets. The rule in TestSystem.swift applies here too.
internal import Glibc
internal import IPC
internal import SystemPackage

extension TestSystem {
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
    try accept(number: listener.number)
  }

  static func accept(number: CInt) throws(Errno) -> Descriptor {
    Descriptor(owning: CInt(try check { Glibc.accept(number, nil, nil) }))
  }

  static func halfClose(_ number: CInt) throws(Errno) {
    try check { Glibc.shutdown(number, CInt(SHUT_WR)) }
  }

  /// Makes accept(2) on a TCP listener fail with EINVAL.
  static func stopListening(_ listener: borrowing Descriptor) throws(Errno) {
    let number = listener.number
    try check { Glibc.shutdown(number, CInt(SHUT_RD)) }
  }

  /// Sends an urgent byte (MSG_OOB).
  static func sendUrgent(_ number: CInt, _ byte: UInt8) throws(Errno) {
    try check { unsafe Glibc.send(number, [byte], 1, CInt(MSG_OOB) | CInt(MSG_NOSIGNAL)) }
  }

  /// Makes blocking calls on the socket fail with EAGAIN after this time.
  static func setTimeout(_ socket: borrowing Descriptor, seconds: Int) throws(Errno) {
    let number = socket.number
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      try check { unsafe setsockopt(number, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size)) }
    }
  }

  /// Makes a TCP socket, before it connects, receive little: so the other end's send buffer stays small, too.
  static func limitReceiving(_ socket: borrowing Descriptor) throws(Errno) {
    let number = socket.number
    for (level, option, value) in [(SOL_SOCKET, SO_RCVBUF, 4096), (CInt(IPPROTO_TCP), TCP_MAXSEG, 536)] {
      var value = CInt(value)
      try check { unsafe setsockopt(number, level, option, &value, socklen_t(MemoryLayout<CInt>.size)) }
    }
  }

  /// Makes the close send a TCP reset.
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

  /// The bytes that have arrived and are unread (FIONREAD).
  static func unreadBytes(_ number: CInt) throws(Errno) -> Int {
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

  /// The layouts of `struct sockaddr_in`, `sockaddr_in6` and `sockaddr_un`. Supports only the two loopback hosts.
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
}
