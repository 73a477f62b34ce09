// The gate to libc of this target, with SocketAddress.swift, and its only unsafe code. What is `unsafe` here is sound for one reason: the kernel
// borrows what a pointer shows for the length of the call, within the count beside it.
import Glibc
import SystemPackage

/// A raw socket of a client, with a name that no other client has; it closes with its owner.
final class Wire {
  let number: CInt
  /// As a server names this client.
  let name: String
  private let target: SocketAddress

  /// Not connected yet, but bound, to a free port or to the name: a port that a reset sets free would be the next
  /// client's, and two records would bear one name.
  init(for address: String, as name: String, window: CInt?) throws(Errno) {
    let target = SocketAddress(address)
    let number = socket(target.family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw Errno(rawValue: errno) }
    do throws(Errno) {
      let own = target.family == AF_UNIX ? SocketAddress("unix:@\(name)") : target.anyPort
      try check(unsafe own.withPointer { unsafe bind(number, $0, $1) })
      if target.family != AF_UNIX { try set(number, CInt(IPPROTO_TCP), TCP_NODELAY, 1) }
      if let window { try set(number, SOL_SOCKET, SO_RCVBUF, window) }
    } catch {
      _ = Glibc.close(number)
      throw error
    }
    self.target = target
    self.number = number
    self.name = target.family == AF_UNIX ? "unix:@\(name)" : SocketAddress(of: number).text
  }

  /// Waits for a place in the backlog.
  func connect() throws(Errno) {
    try check(unsafe target.withPointer { unsafe Glibc.connect(number, $0, $1) })
  }

  deinit { _ = Glibc.close(number) }

  /// Some of the bytes, as far as there is room; nil where there is none.
  func send(_ bytes: ArraySlice<UInt8>) throws(Errno) -> Int? {
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.send(number, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
    }
    if count < 0 && errno == EAGAIN { return nil }
    try check(count)
    return count
  }

  /// What has come, empty at the end; nil where nothing has.
  func receive(_ limit: Int) throws(Errno) -> [UInt8]? {
    var error: CInt = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      let result = unsafe recv(number, buffer.baseAddress, limit, CInt(MSG_DONTWAIT))
      error = result < 0 ? errno : 0
      count = max(0, result)
    }
    if error == EAGAIN { return nil }
    if error != 0 { throw Errno(rawValue: error) }
    return bytes
  }

  /// Half-close. A server that has gone already is no error.
  func finish() { _ = shutdown(number, CInt(SHUT_WR)) }

  /// Of TCP: closing is a reset from now on.
  func resetOnClose() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    unsafe _ = setsockopt(number, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
  }

  /// Waits until one of them is ready, or the time is over.
  static func await(_ set: inout [pollfd], milliseconds: CInt) {
    unsafe _ = poll(&set, nfds_t(set.count), milliseconds)
  }

  /// Whether all of the one are the first of the other.
  static func isStart(_ bytes: [UInt8], of all: [UInt8]) -> Bool {
    guard bytes.count <= all.count else { return false }
    return unsafe memcmp(bytes, all, bytes.count) == 0
  }
}

private func set(_ number: CInt, _ level: CInt, _ option: CInt, _ value: CInt) throws(Errno) {
  var value = value
  try check(unsafe setsockopt(number, level, option, &value, socklen_t(MemoryLayout<CInt>.size)))
}

private func check(_ result: some SignedInteger) throws(Errno) {
  guard result >= 0 else { throw Errno(rawValue: errno) }
}
