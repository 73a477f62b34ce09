// The `unsafe` code is sound: every write is within sockaddr_storage, which is large enough for every kind of address.
internal import Glibc

/// A socket address, as the kernel expects it.
@safe struct SocketAddress {
  /// Maximum bytes of a Unix socket's path.
  static let pathMax = 107

  private var storage = sockaddr_storage()
  private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  var family: CInt { CInt(storage.ss_family) }

  init() {}

  /// The address of a Unix socket; nil if the path is too long.
  init?(path: String) {
    let name = Array(path.utf8)
    guard name.count <= Self.pathMax, !name.isEmpty else { return nil }
    storage.ss_family = sa_family_t(AF_UNIX)
    length = socklen_t(2 + name.count + 1)
    unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0[2...].copyBytes(from: name) }
  }

  /// A TCP address; nil if the host is not a numeric IPv4 or IPv6 address.
  init?(host: String, port: Int) {
    guard let port = UInt16(exactly: port) else { return nil }
    let isIPv6 = host.contains(":")
    storage.ss_family = sa_family_t(isIPv6 ? AF_INET6 : AF_INET)
    length = socklen_t(isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
    let (family, offset) = (family, isIPv6 ? 8 : 4)
    let isAddress = unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      unsafe bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
      return unsafe inet_pton(family, host, bytes.baseAddress! + offset) == 1
    }
    if !isAddress { return nil }
  }

  var port: Int {
    if family != AF_INET && family != AF_INET6 { return 0 }
    return unsafe withUnsafeBytes(of: storage) { bytes in
      Int(UInt16(bigEndian: unsafe bytes.load(fromByteOffset: 2, as: UInt16.self)))
    }
  }

  func withPointer<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    unsafe withUnsafePointer(to: storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
    }
  }

  mutating func fill<R>(_ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> R) {
    _ = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, &length) }
    }
  }
}
