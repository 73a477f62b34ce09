import Glibc

/// An address by its family.
enum SocketAddress {
  case v4(sockaddr_in)
  case v6(sockaddr_in6)
  case other(sa_family_t)

  init(_ storage: sockaddr_storage) {
    // The storage is larger than each address, and aligned for all of them.
    self = unsafe withUnsafeBytes(of: storage) { bytes in
      switch CInt(storage.ss_family) {
      case AF_INET: unsafe .v4(bytes.load(as: sockaddr_in.self))
      case AF_INET6: unsafe .v6(bytes.load(as: sockaddr_in6.self))
      default: .other(storage.ss_family)
      }
    }
  }

  /// The port of the address, or nil if it has none.
  var port: UInt16? {
    switch self {
    case .v4(let address): UInt16(bigEndian: address.sin_port)
    case .v6(let address): UInt16(bigEndian: address.sin6_port)
    case .other: nil
    }
  }
}
