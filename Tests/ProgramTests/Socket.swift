// Sockets of the tests' own, for peers that are rougher than any program. What is `unsafe` here is sound for one
// reason: the kernel borrows what a pointer shows for the length of the call, within the length beside it.
import Crowd
import Glibc
import Synchronization
import SystemPackage

/// A stream socket that blocks, each call for ten seconds at most.
final class Socket: Sendable {
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

  /// A client with an address of its own choice.
  convenience init(connectedTo endpoint: String, from own: String) throws(Errno) {
    try self.init(boundTo: own)
    try connect(to: endpoint)
  }

  private func connect(to endpoint: String) throws(Errno) {
    let address = SocketAddress(endpoint)
    try check(unsafe address.withPointer { unsafe Glibc.connect(number, $0, $1) })
  }

  /// Only bound: its port is taken, and nobody listens.
  convenience init(boundTo endpoint: String) throws(Errno) {
    let address = SocketAddress(endpoint)
    try self.init(address.family)
    try check(unsafe address.withPointer { unsafe bind(number, $0, $1) })
  }

  /// Holds a free port for servers that are still to listen there: who asks for any port is not given it. They and this
  /// one say SO_REUSEADDR, and so may share it.
  convenience init(holding place: Place) throws(Errno) {
    let address = SocketAddress(place == .ipv6 ? "tcp:[::1]:0" : "tcp:127.0.0.1:0")
    try self.init(address.family)
    try set(SOL_SOCKET, SO_REUSEADDR, CInt(1))
    try check(unsafe address.withPointer { unsafe bind(number, $0, $1) })
  }

  convenience init(listeningAt endpoint: String, backlog: CInt = 8) throws(Errno) {
    try self.init(boundTo: endpoint)
    try check(listen(number, backlog))
  }

  deinit { close() }

  func accept() throws(Errno) -> Socket { try Socket(owning: Glibc.accept(number, nil, nil)) }

  /// Where it is bound.
  var endpoint: String { SocketAddress(of: number).text }

  /// Its number in the kernel's tables.
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

  /// Sends as much as the peer takes.
  func offer(_ bytes: Bytes) throws(Errno) {
    do throws(Errno) { try send(bytes) } catch  where error == .brokenPipe {}
  }

  /// So many bytes, or fewer at the end.
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

  /// Half-close.
  func finish() throws(Errno) { try check(shutdown(number, CInt(SHUT_WR))) }

  func close() {
    let number = descriptor.exchange(-1, ordering: .relaxed)
    if number >= 0 { _ = Glibc.close(number) }
  }

  /// Closes so that the peer sees a reset, of TCP at least.
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
