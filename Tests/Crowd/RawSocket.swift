// The gate to libc of this target, together with SocketAddress.swift: the only unsafe code here. Each `unsafe` expression is
// sound for one reason: during the call, the kernel accesses only the memory between the pointer and the count beside it.
import Glibc
import SystemPackage

/// A client's socket. It is bound to a name that no other client uses, and `deinit` closes it.
final class RawSocket {
  let number: CInt
  /// The client's endpoint, as the server prints it.
  let name: String
  private let target: SocketAddress

  /// Makes a socket that is bound but not yet connected. All clients bind before the first one connects: otherwise a client
  /// could get a port that a reset has just freed, and two records would have the same name.
  init(for address: String, as name: String, receiveBuffer: CInt?) throws(Errno) {
    let target = SocketAddress(address)
    let number = socket(target.family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw Errno(rawValue: errno) }
    do throws(Errno) {
      let own = target.family == AF_UNIX ? SocketAddress("unix:@\(name)") : target.anyPort
      try check(unsafe own.withPointer { unsafe bind(number, $0, $1) })
      if target.family != AF_UNIX { try set(number, CInt(IPPROTO_TCP), TCP_NODELAY, 1) }
      if let receiveBuffer { try set(number, SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
    } catch {
      _ = Glibc.close(number)
      throw error
    }
    self.target = target
    self.number = number
    self.name = target.family == AF_UNIX ? "unix:@\(name)" : SocketAddress(of: number).text
  }

  /// Waits while the server's backlog is full.
  func connect() throws(Errno) {
    try check(unsafe target.withPointer { unsafe Glibc.connect(number, $0, $1) })
  }

  deinit { _ = Glibc.close(number) }

  /// Sends as many bytes as fit without waiting, and returns their count; nil if none fit.
  func send(_ bytes: ArraySlice<UInt8>) throws(Errno) -> Int? {
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.send(number, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
    }
    if count < 0 && errno == EAGAIN { return nil }
    try check(count)
    return count
  }

  /// Returns the bytes that have arrived, none at the end of the stream; nil if it would have to wait.
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

  /// Ignores errors: the server may have closed already.
  func halfClose() { _ = shutdown(number, CInt(SHUT_WR)) }

  /// Makes the close send a TCP reset.
  func resetOnClose() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    unsafe _ = setsockopt(number, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
  }

  /// Waits until a descriptor is ready or the time is over. The corresponding C function is poll(2).
  static func poll(_ set: inout [pollfd], milliseconds: CInt) {
    unsafe _ = Glibc.poll(&set, nfds_t(set.count), milliseconds)
  }

  /// Uses memcmp(3), because comparing slices takes long in a debug build.
  static func isPrefix(_ bytes: [UInt8], of all: [UInt8]) -> Bool {
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
