// The `unsafe` code here is sound for one reason: the kernel uses a pointer only during the call, and only within the
// length that is passed with it.
import Crowd
import Glibc
import Synchronization
import SystemPackage

/// A blocking stream socket, for peers that misbehave in ways that no program does. A call blocks for at most ten seconds.
final class RawSocket: Sendable {
  private let descriptor: Atomic<CInt>

  private var number: CInt { descriptor.load(ordering: .relaxed) }

  private init(owning number: CInt) throws(Errno) {
    guard number >= 0 else { throw Errno(rawValue: errno) }
    descriptor = Atomic(number)
    let limit = timeval(tv_sec: 10, tv_usec: 0)
    try set(SOL_SOCKET, SO_RCVTIMEO, limit)
    try set(SOL_SOCKET, SO_SNDTIMEO, limit)
  }

  private convenience init(_ family: CInt) throws(Errno) {
    try self.init(owning: socket(family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0))
    if family != AF_UNIX { try set(CInt(IPPROTO_TCP), TCP_NODELAY, CInt(1)) }
  }

  convenience init(connectedTo endpoint: String) throws(Errno) {
    try self.init(SocketAddress(endpoint).family)
    try connect(to: endpoint)
  }

  /// A client that chooses its own address.
  convenience init(connectedTo endpoint: String, from own: String) throws(Errno) {
    try self.init(boundTo: own)
    try connect(to: endpoint)
  }

  private func connect(to endpoint: String) throws(Errno) {
    let address = SocketAddress(endpoint)
    try check(unsafe address.withPointer { unsafe Glibc.connect(number, $0, $1) })
  }

  /// Bound, but not listening: the port is taken, and connections are refused.
  convenience init(boundTo endpoint: String) throws(Errno) {
    let address = SocketAddress(endpoint)
    try self.init(address.family)
    try check(unsafe address.withPointer { unsafe bind(number, $0, $1) })
  }

  /// Reserves a free port for servers that start later: the kernel does not choose it for any other socket. This socket
  /// and the servers set SO_REUSEADDR, so they can share the port.
  convenience init(reserving kind: SocketKind) throws(Errno) {
    let address = SocketAddress(kind == .ipv6 ? "tcp:[::1]:0" : "tcp:127.0.0.1:0")
    try self.init(address.family)
    try set(SOL_SOCKET, SO_REUSEADDR, CInt(1))
    try check(unsafe address.withPointer { unsafe bind(number, $0, $1) })
  }

  convenience init(listeningAt endpoint: String, backlog: CInt = 8) throws(Errno) {
    try self.init(boundTo: endpoint)
    try check(listen(number, backlog))
  }

  deinit { close() }

  func accept() throws(Errno) -> RawSocket { try RawSocket(owning: Glibc.accept(number, nil, nil)) }

  /// The address that it is bound to.
  var endpoint: String { SocketAddress(of: number).text }

  /// The number that identifies it in /proc/net/unix.
  var inode: Int {
    get throws(Errno) {
      var status = stat()
      try check(unsafe fstat(number, &status))
      return Int(status.st_ino)
    }
  }

  func send(_ bytes: Bytes) throws(Errno) {
    var rest = bytes.array[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { bytes in
        unsafe Glibc.send(number, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
      }
      try check(count)
      rest = rest.dropFirst(count)
    }
  }

  /// Sends bytes, an urgent byte (MSG_OOB), and more bytes.
  func send(_ before: Bytes, urgent: UInt8, _ behind: Bytes) throws(Errno) {
    try send(before)
    try check(unsafe Glibc.send(number, [urgent], 1, CInt(MSG_OOB) | CInt(MSG_NOSIGNAL)))
    try send(behind)
  }

  /// Sends until the peer has closed.
  func sendUntilClosed(_ bytes: Bytes) throws(Errno) {
    do throws(Errno) { try send(bytes) } catch  where error == .brokenPipe {}
  }

  /// Receives `limit` bytes, or fewer if the peer ends before.
  func receive(_ limit: Int = .max) throws(Errno) -> Bytes {
    var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
    while bytes.count < limit {
      let count = unsafe recv(number, &buffer, min(buffer.count, limit - bytes.count), 0)
      try check(count)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return Bytes(bytes)
  }

  /// shutdown(2) with SHUT_WR.
  func halfClose() throws(Errno) { try check(shutdown(number, CInt(SHUT_WR))) }

  func close() {
    let number = descriptor.exchange(-1, ordering: .relaxed)
    if number >= 0 { _ = Glibc.close(number) }
  }

  /// Closes so that the peer gets a reset, if it is a TCP socket.
  func reset() throws(Errno) {
    try set(SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
    close()
  }

  private func set<Value: BitwiseCopyable>(_ level: CInt, _ option: CInt, _ value: Value) throws(Errno) {
    var value = value
    try check(unsafe setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Value>.size)))
  }
}

private func check(_ result: some SignedInteger) throws(Errno) {
  guard result >= 0 else { throw Errno(rawValue: errno) }
}
