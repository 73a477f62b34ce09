// Part of the gate to libc: names and addresses. System.swift explains why it is sound.
internal import CLinux
internal import Glibc
internal import IPC

extension Address {
  /// Passes the address to a system call.
  @safe func withPointer<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    unsafe bytes.withUnsafeBytes {
      unsafe body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
  }

  /// Lets a system call write the address, and keeps as many bytes as it returns.
  @safe mutating func fill(_ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int) -> Int {
    var length = Self.capacity
    var result = 0
    bytes = unsafe Array(unsafeUninitializedCapacity: Int(Self.capacity)) { buffer, count in
      let address = unsafe UnsafeMutableRawPointer(buffer.baseAddress!).assumingMemoryBound(to: sockaddr.self)
      result = unsafe body(address, &length)
      count = result < 0 ? 0 : Int(min(length, Self.capacity))
    }
    return result
  }
}

extension ClientAddress {
  /// Reads a `struct sockaddr_in` or `sockaddr_in6`; their numbers are in network byte order.
  @safe fileprivate init(_ bytes: UnsafeMutableRawBufferPointer) {
    family = unsafe bytes.load(fromByteOffset: 0, as: UInt16.self)
    guard family != AF_UNIX else { return }
    port = unsafe bytes.load(fromByteOffset: 2, as: UInt16.self).bigEndian
    if family == AF_INET {
      high = UInt64(unsafe bytes.load(fromByteOffset: 4, as: UInt32.self).bigEndian)
    } else {
      high = unsafe bytes.load(fromByteOffset: 8, as: UInt64.self).bigEndian
      low = unsafe bytes.load(fromByteOffset: 16, as: UInt64.self).bigEndian
      scope = unsafe bytes.load(fromByteOffset: 24, as: UInt32.self).bigEndian
      unmap()
    }
  }
}

extension System {
  /// getpeername(2).
  static func peer(_ socket: CInt, _ client: inout ClientAddress) -> Int {
    get(&client) { address, length in unsafe getpeername(socket, address, length) }
  }

  /// accept4(2).
  static func accept(_ listener: CInt, _ client: inout ClientAddress) -> Int {
    get(&client) { address, length in
      unsafe accept4(listener, address, length, SocketFlags.nonBlocking | SocketFlags.closeOnExec)
    }
  }

  /// Makes a call that writes a client's address.
  @inline(__always)
  @safe private static func get(
    _ client: inout ClientAddress, _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt
  ) -> Int {
    var storage = sockaddr_storage()
    return unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      let address = unsafe bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
      let result = call {
        var length = Address.capacity
        return unsafe body(address, &length)
      }
      if result >= 0 { client = ClientAddress(bytes) }
      return result
    }
  }

  /// inet_pton(3); returns the address's bytes.
  static func address(_ family: CInt, _ text: String) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
    return unsafe inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }

  /// inet_ntop(3).
  static func text(_ family: CInt, _ bytes: ArraySlice<UInt8>) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
      unsafe bytes.withUnsafeBytes { bytes in
        _ = unsafe inet_ntop(family, bytes.baseAddress, buffer.baseAddress, socklen_t(buffer.count))
      }
      return unsafe String(cString: buffer.baseAddress!)
    }
  }

  /// if_nametoindex(3); returns 0 if there is no such interface.
  static func interfaceIndex(_ name: String) -> UInt32 { unsafe if_nametoindex(name) }

  /// if_indextoname(3).
  static func interfaceName(_ index: UInt32) -> String? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(IF_NAMESIZE)) { buffer in
      unsafe if_indextoname(index, buffer.baseAddress).map { unsafe String(cString: $0) }
    }
  }

  /// getaddrinfo(3) for stream sockets; its error codes are converted as `Cause.code` does.
  static func addresses(ofHost host: String) -> (result: Int, addresses: [Address]) {
    var hints = unsafe addrinfo()
    unsafe hints.ai_family = AF_UNSPEC
    unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let returned = unsafe getaddrinfo(host, nil, &hints, &found)
    if returned == EAI_SYSTEM { return (-Int(errno), []) }
    if returned != 0 { return (-Int(Cause.name(returned).code), []) }
    defer { unsafe freeaddrinfo(found) }
    var addresses: [Address] = []
    var next = unsafe found
    while let each = unsafe next {
      var address = Address()
      unsafe address.bytes = Array(
        UnsafeRawBufferPointer(start: each.pointee.ai_addr, count: Int(each.pointee.ai_addrlen)))
      addresses.append(address)
      unsafe next = each.pointee.ai_next
    }
    return (0, addresses)
  }

  /// gai_strerror(3); the text is static.
  static func resolverText(_ code: CInt) -> String { unsafe String(cString: gai_strerror(code)) }

  /// strerrordesc_np(3), whose text does not depend on the locale; the text is static.
  static func errnoText(_ code: CInt) -> String? { unsafe strerrordesc_np(code).map { unsafe String(cString: $0) } }
}
