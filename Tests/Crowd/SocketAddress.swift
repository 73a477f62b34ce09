// The address part of this target's gate to libc. The rule in RawSocket.swift applies here too.
package import Glibc

/// A socket address in the kernel's form (`struct sockaddr_storage`).
@safe package struct SocketAddress {
  private var storage = sockaddr_storage()
  private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  package var family: CInt { CInt(storage.ss_family) }

  /// The same host with port 0; for TCP only.
  var anyPort: SocketAddress {
    var address = self
    unsafe withUnsafeMutableBytes(of: &address.storage) { bytes in
      unsafe bytes.storeBytes(of: 0, toByteOffset: 2, as: UInt16.self)
    }
    return address
  }

  package init(_ endpoint: String) {
    let name = endpoint.drop { $0 != ":" }.dropFirst()
    if endpoint.hasPrefix("unix:") {
      fillUnix(Array(name.utf8))
    } else {
      let colon = name.lastIndex(of: ":") ?? name.endIndex
      fillTCP(name[..<colon].filter { $0 != "[" && $0 != "]" }, UInt16(name[colon...].dropFirst()) ?? 0)
    }
  }

  /// The local address of a socket. The corresponding C function is getsockname(2).
  package init(of number: CInt) {
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

  /// The endpoint as the programs print it; empty for any family but TCP's.
  package var text: String {
    if family == AF_UNIX { return "" }
    let (family, isIPv6) = (family, family == AF_INET6)
    return unsafe withUnsafeBytes(of: storage) { bytes in
      var host = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
      unsafe inet_ntop(family, bytes.baseAddress! + (isIPv6 ? 8 : 4), &host, socklen_t(host.count))
      let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let port = UInt16(bigEndian: unsafe bytes.load(fromByteOffset: 2, as: UInt16.self))
      return "tcp:\(isIPv6 ? "[\(name)]" : name):\(port)"
    }
  }

  package func withPointer<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    unsafe withUnsafePointer(to: storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
    }
  }
}
