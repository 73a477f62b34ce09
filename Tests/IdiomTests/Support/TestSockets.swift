import Glibc
import Testing

@testable import Idioms

/// Sockets for tests, on free ports of this machine. The caller closes them.
enum TestSockets {
  static func loopback(_ port: UInt16 = 0) -> sockaddr_in {
    sockaddr_in(
      sin_family: sa_family_t(AF_INET), sin_port: port.bigEndian, sin_addr: in_addr(s_addr: INADDR_LOOPBACK.bigEndian),
      sin_zero: (0, 0, 0, 0, 0, 0, 0, 0))
  }

  /// A socket that listens on a free port of 127.0.0.1, and its address.
  static func listener(backlog: CInt = 8) throws -> (fd: CInt, address: sockaddr_in) {
    let fd = listenAt(loopback(), backlog: backlog)
    try #require(fd >= 0)
    return (fd, loopback(try port(of: fd)))
  }

  /// A socket that listens on a free port of an IPv6 address, and its port.
  static func listener6(_ address: in6_addr) throws -> (fd: CInt, port: UInt16) {
    let fd = socket(AF_INET6, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    try #require(fd >= 0)
    try #require(setsockopt(fd, CInt(IPPROTO_IPV6), IPV6_V6ONLY, 0) == 0)
    var own = sockaddr_in6()
    own.sin6_family = sa_family_t(AF_INET6)
    own.sin6_addr = address
    try #require(withSocketAddress(own) { unsafe bind(fd, $0, $1) } == 0)
    try #require(listen(fd, 8) == 0)
    return (fd, try port(of: fd))
  }

  /// A connected socket of a type, such as a client of a listener.
  static func connected<Address: SocketAddressStructure>(
    to address: Address, family: CInt = AF_INET, type: __socket_type = SOCK_STREAM
  ) throws -> CInt {
    let fd = socket(family, CInt(type.rawValue | SOCK_CLOEXEC.rawValue), 0)
    try #require(fd >= 0)
    try #require(withSocketAddress(address) { unsafe connect(fd, $0, $1) } == 0)
    return fd
  }

  /// The two ends of a TCP connection.
  static func tcp() throws -> (client: CInt, server: CInt) {
    let listener = try listener()
    defer { close(listener.fd) }
    let client = try connected(to: listener.address)
    let server = acceptPeer(listener.fd).fd
    try #require(server >= 0)
    return (client, server)
  }

  /// The two ends of a connection within this process.
  static func pair(_ type: __socket_type = SOCK_STREAM) throws -> (CInt, CInt) {
    var ends: [CInt] = [-1, -1]
    try #require(unsafe socketpair(AF_UNIX, CInt(type.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
    return (ends[0], ends[1])
  }

  /// The two ends of a pipe.
  static func pipe() throws -> (reader: CInt, writer: CInt) {
    var ends: [CInt] = [-1, -1]
    try #require(unsafe Glibc.pipe(&ends) == 0)
    for end in ends { try #require(fcntl(end, F_SETFD, FD_CLOEXEC) == 0) }
    return (ends[0], ends[1])
  }

  /// A UDP socket of a free port of 127.0.0.1, and another one that is connected to it.
  static func udp() throws -> (server: CInt, client: CInt) {
    let server = socket(AF_INET, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    try #require(server >= 0)
    try #require(withSocketAddress(loopback()) { unsafe bind(server, $0, $1) } == 0)
    return (server, try connected(to: loopback(try port(of: server)), type: SOCK_DGRAM))
  }

  static func port(of fd: CInt) throws -> UInt16 {
    let (length, address) = localAddress(fd)
    try #require(length > 0)
    return try #require(SocketAddress(address).port)
  }

  static func setsockopt(_ fd: CInt, _ level: CInt, _ name: CInt, _ value: CInt) -> CInt {
    var value = value
    return unsafe Glibc.setsockopt(fd, level, name, &value, socklen_t(MemoryLayout<CInt>.size))
  }

  /// Waits until a descriptor is ready, for at most ten seconds.
  static func ready(_ fd: CInt, _ events: CInt = POLLIN) throws {
    var wait = pollfd(fd: fd, events: Int16(events), revents: 0)
    try #require(unsafe poll(&wait, 1, 10_000) == 1)
  }

  /// Writes all bytes to a descriptor that has room for them.
  static func write(_ fd: CInt, _ bytes: [UInt8]) throws {
    try #require(unsafe Glibc.write(fd, bytes, bytes.count) == bytes.count)
  }

  /// Reads once, when there is input.
  static func read(_ fd: CInt, atMost count: Int = 4096) throws -> [UInt8] {
    try ready(fd)
    var bytes = [UInt8](repeating: 0, count: count)
    let result = unsafe Glibc.read(fd, &bytes, count)
    try #require(result >= 0)
    return Array(bytes[..<result])
  }

  /// The bytes of a structure of C.
  static func bytes<Value>(_ value: Value) -> [UInt8] {
    unsafe withUnsafeBytes(of: value) { unsafe Array($0) }
  }
}
