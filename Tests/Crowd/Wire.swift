// The gate to libc of this target, and its only unsafe code. What is `unsafe` here is sound for one reason: the kernel
// borrows what a pointer shows for the length of the call, within the count beside it.
import Glibc
import SystemPackage

/// A raw socket of a client, with a name that no other client has; it closes with its owner.
final class Wire {
  let number: CInt
  /// As a server names this client.
  let name: String
  private let target: Address

  /// Not connected yet, but bound, to a free port or to the name: a port that a reset sets free would be the next
  /// client's, and two records would bear one name.
  init(for address: String, as name: String, window: CInt?) throws(Errno) {
    let target = Address(address)
    let number = socket(target.family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw Errno(rawValue: errno) }
    do throws(Errno) {
      let own = target.family == AF_UNIX ? Address("unix:@\(name)") : target.anyPort
      try check(unsafe own.withPointer { unsafe bind(number, $0, $1) })
      if target.family != AF_UNIX { try set(number, CInt(IPPROTO_TCP), TCP_NODELAY, 1) }
      if let window { try set(number, SOL_SOCKET, SO_RCVBUF, window) }
    } catch {
      _ = Glibc.close(number)
      throw error
    }
    self.target = target
    self.number = number
    self.name = target.family == AF_UNIX ? "unix:@\(name)" : Address(of: number).text
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

/// An endpoint's text as the kernel has it.
@safe private struct Address {
  private var storage = sockaddr_storage()
  private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  var family: CInt { CInt(storage.ss_family) }

  /// Of TCP: the same host.
  var anyPort: Address {
    var address = self
    unsafe withUnsafeMutableBytes(of: &address.storage) { bytes in
      unsafe bytes.storeBytes(of: 0, toByteOffset: 2, as: UInt16.self)
    }
    return address
  }

  init(_ endpoint: String) {
    let name = endpoint.drop { $0 != ":" }.dropFirst()
    if endpoint.hasPrefix("unix:") {
      fillUnix(Array(name.utf8))
    } else {
      let colon = name.lastIndex(of: ":") ?? name.endIndex
      fillTCP(name[..<colon].filter { $0 != "[" && $0 != "]" }, UInt16(name[colon...].dropFirst()) ?? 0)
    }
  }

  /// A socket's own.
  init(of number: CInt) {
    unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe _ = getsockname(number, $0, &length)
      }
    }
  }

  private mutating func fillUnix(_ name: [UInt8]) {
    let isAbstract = name.first == UInt8(ascii: "@")
    storage.ss_family = sa_family_t(AF_UNIX)
    length = socklen_t(2 + name.count + (isAbstract ? 0 : 1))
    precondition(name.count < 108)
    unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      for (index, byte) in name.enumerated() { unsafe bytes[2 + index] = index == 0 && isAbstract ? 0 : byte }
    }
  }

  private mutating func fillTCP(_ host: String, _ port: UInt16) {
    let isIPv6 = host.contains(":")
    storage.ss_family = sa_family_t(isIPv6 ? AF_INET6 : AF_INET)
    length = socklen_t(isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
    let family = family
    unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      unsafe bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
      precondition(unsafe inet_pton(family, host, bytes.baseAddress! + (isIPv6 ? 8 : 4)) == 1, host)
    }
  }

  /// Of TCP, as the servers print it.
  var text: String {
    let (family, isIPv6) = (family, family == AF_INET6)
    return unsafe withUnsafeBytes(of: storage) { bytes in
      var host = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
      unsafe inet_ntop(family, bytes.baseAddress! + (isIPv6 ? 8 : 4), &host, socklen_t(host.count))
      let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let port = UInt16(bigEndian: unsafe bytes.load(fromByteOffset: 2, as: UInt16.self))
      return "tcp:\(isIPv6 ? "[\(name)]" : name):\(port)"
    }
  }

  func withPointer<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    unsafe withUnsafePointer(to: storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
    }
  }
}
