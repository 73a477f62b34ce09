// Endpoints as addresses of the kernel and of the resolver.
internal import Glibc
public import IPC
internal import SystemPackage

/// A socket address as bytes: `struct sockaddr_in`, `sockaddr_in6` or `sockaddr_un`, whose layouts are the kernel's
/// ABI.
struct Address {
  /// The size of `struct sockaddr_storage`.
  static let capacity: socklen_t = 128
  private static let pathOffset = 2

  var bytes: [UInt8]

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  var family: CInt { bytes.count >= 2 ? CInt(bytes[0]) | CInt(bytes[1]) << 8 : 0 }

  private var port: UInt16 { UInt16(bytes[2]) << 8 | UInt16(bytes[3]) }

  private static func encodeInet(_ host: String, _ port: UInt16, for step: Step) throws(Failure) -> Address {
    switch IPAddress(host) {
    case .v4(let address)?:
      return Address(native(UInt16(AF_INET)) + network(port) + address + [UInt8](repeating: 0, count: 8))
    case .v6(let address, let zone)?:
      let scope = native(try scope(zone, for: step))
      return Address(native(UInt16(AF_INET6)) + network(port) + [0, 0, 0, 0] + address + scope)
    case nil:
      throw Failure(step, .name(EAI_NONAME))
    }
  }

  /// Encodes an endpoint for the kernel; the host `*` is encoded as ::. Throws `EAI_NONAME` if the host is a name, not
  /// an address.
  static func encode(_ endpoint: Endpoint, for step: Step) throws(Failure) -> Address {
    switch endpoint {
    case .tcp(let host, let port):
      try encodeInet(host, port, for: step)
    // One byte more than the name: the NUL that ends a path, or the one that starts an abstract name.
    case .unix(let path):
      Address(native(UInt16(AF_UNIX)) + (try checked(path, for: step)) + [0])
    case .abstract(let name):
      Address(native(UInt16(AF_UNIX)) + [0] + (try checked(name, for: step)))
    case .pipe, .queue, .memory:
      throw Failure(step, .addressFamilyNotSupported)
    }
  }

  private static func checked(_ name: [UInt8], for step: Step) throws(Failure) -> [UInt8] {
    guard (1...Limit.path).contains(name.count) else { throw Failure(step, .syntax(.path)) }
    return name
  }

  /// Finds the number of the interface that a zone names, or is.
  private static func scope(_ zone: String?, for step: Step) throws(Failure) -> UInt32 {
    guard let zone else { return 0 }
    let index = System.interfaceIndex(zone)
    guard let scope = index > 0 || zone.utf8.first == UInt8(ascii: "+") ? index : UInt32(zone), scope > 0 else {
      throw Failure(step, Errno(rawValue: ENODEV))
    }
    return scope
  }

  private func decodeUnix() -> Endpoint? {
    guard bytes.count > Self.pathOffset else { return nil }
    let name = bytes[Self.pathOffset...]
    return name.first == 0 ? .abstract(name: Array(name.dropFirst())) : .unix(path: Array(name.prefix { $0 != 0 }))
  }

  private static func decodeInet(_ host: ArraySlice<UInt8>, _ port: UInt16) -> Endpoint {
    .tcp(host: System.text(AF_INET, host), port: port)
  }

  /// Gets the IPv4 address that an IPv6 address contains: a socket for both reports its IPv4 peers in that form
  /// (ipv6(7)). Returns nil if it contains none.
  private static func unmap(_ v6: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    v6.dropLast(4).elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) ? v6.suffix(4) : nil
  }

  /// Decodes a kernel's address, and an IPv4 address that is mapped to IPv6 as IPv4; returns nil if it is that of an
  /// unnamed Unix socket, which has no endpoint.
  func decode(for step: Step) throws(Failure) -> Endpoint? {
    switch family {
    case AF_UNIX:
      return decodeUnix()
    case AF_INET:
      return Self.decodeInet(bytes[4..<8], port)
    case AF_INET6:
      if let mapped = Self.unmap(bytes[8..<24]) { return Self.decodeInet(mapped, port) }
      let host = System.text(AF_INET6, bytes[8..<24])
      let scope = bytes[24..<28].reversed().reduce(0) { $0 << 8 | UInt32($1) }
      guard scope != 0 else { return .tcp(host: host, port: port) }
      guard let zone = System.interfaceName(scope) else { throw Failure(step, Errno(rawValue: ENODEV)) }
      return .tcp(host: "\(host)%\(zone)", port: port)
    default:
      throw Failure(step, Errno.addressFamilyNotSupported)
    }
  }

  /// Encodes a number in the byte order of all machines on which Swift supports Linux: little-endian.
  private static func native<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  private static func network(_ port: UInt16) -> [UInt8] { [UInt8(port >> 8), UInt8(port & 0xFF)] }
}

extension SwiftEngine {
  /// Returns addresses of the first one's family and of the other one in turn.
  private static func alternate(_ found: [Address]) -> [Address] {
    let first = found.filter { $0.family == found[0].family }
    let second = found.filter { $0.family != found[0].family }
    return (0..<max(first.count, second.count)).flatMap {
      first.dropFirst($0).prefix(1) + second.dropFirst($0).prefix(1)
    }
  }

  public static func resolve(_ endpoint: Endpoint) throws(Failure) -> [Endpoint] {
    guard case .tcp(let host, let port) = endpoint, !isAddress(host) else { return [endpoint] }
    let (result, found) = System.addresses(ofHost: host)
    try check(.resolve, result, at: endpoint)
    let candidates = alternate(found).compactMap { address -> Endpoint? in
      guard case .tcp(let host, _)? = try? address.decode(for: .resolve) else { return nil }
      return .tcp(host: host, port: port)
    }.prefix(Limit.candidates)
    guard !candidates.isEmpty else { throw Failure(.resolve, .name(EAI_NONAME), at: endpoint) }
    return Array(candidates)
  }

  /// Returns whether a socket's address is `*`: it is all IPv6 addresses, and the socket accepts IPv4 clients, too.
  private static func isWildcard(_ socket: CInt, _ address: Address) -> Bool {
    address.family == AF_INET6 && address.bytes[8..<24].allSatisfy { $0 == 0 }
      && System.option(socket, CInt(IPPROTO_IPV6), IPV6_V6ONLY) == 0
  }

  public static func local(_ socket: borrowing Descriptor) throws(Failure) -> Endpoint {
    var address = Address()
    try check(.resolve, System.localAddress(socket.number, &address))
    guard let endpoint = try address.decode(for: .resolve) else { throw Failure(.resolve, Errno.socketNotConnected) }
    if case .tcp(_, let port) = endpoint, isWildcard(socket.number, address) { return .tcp(host: "*", port: port) }
    return endpoint
  }
}

extension Address {
  /// Decodes the address of a socket's peer, as `decode`.
  static func peer(_ socket: CInt, for step: Step) throws(Failure) -> Endpoint? {
    var address = Address()
    try SwiftEngine.check(step, System.peerAddress(socket, &address))
    return try address.decode(for: step)
  }

  /// Returns whether a TCP socket's own address is its peer's: tcp(7) connects a socket to itself if the kernel chose
  /// the server's port for the client, and no server listens there.
  static func isOwn(_ socket: CInt) -> Bool {
    var (own, peer) = (Address(), Address())
    return System.localAddress(socket, &own) == 0 && System.peerAddress(socket, &peer) == 0 && own.bytes == peer.bytes
  }
}

extension SwiftEngine {
  public static func peer(_ socket: borrowing Descriptor) throws(Failure) -> Endpoint {
    if let endpoint = try Address.peer(socket.number, for: .resolve) { endpoint } else { try local(socket) }
  }
}

/// The address of an accepted client, in few bytes. That of a Unix client is not stored: the kernel knows it.
struct ClientAddress {
  var family: UInt16 = 0
  var port: UInt16 = 0
  /// In the machine's byte order, like the other fields.
  var scope: UInt32 = 0
  var high: UInt64 = 0
  var low: UInt64 = 0

  /// Converts an IPv4 address that is mapped to IPv6, also for the count of clients for each address.
  mutating func unmap() {
    guard high == 0, low >> 32 == 0xFFFF else { return }
    (family, scope, high, low) = (UInt16(AF_INET), 0, low & 0xFFFF_FFFF, 0)
  }

  private static func bytes(_ number: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> ((count - 1 - $0) * 8)) }
  }

  private var address: Address {
    let head = [UInt8(family & 0xFF), UInt8(family >> 8), UInt8(port >> 8), UInt8(port & 0xFF)]
    if family == AF_INET { return Address(head + Self.bytes(high, 4)) }
    return Address(
      head + [0, 0, 0, 0] + Self.bytes(high, 8) + Self.bytes(low, 8) + Self.bytes(UInt64(scope), 4))
  }

  /// Decodes the address; returns nil for an unnamed Unix client.
  func endpoint(on socket: CInt) throws(Failure) -> Endpoint? {
    guard family == AF_UNIX else { return try address.decode(for: .accept) }
    return try? Address.peer(socket, for: .accept)
  }

  /// An IPv6 client owns a /64, so that is its address in the count.
  func sharesAddress(with other: ClientAddress) -> Bool { family == other.family && high == other.high }

  var hash: UInt64 {
    let mixed = high &* 0x9E37_79B9_7F4A_7C15
    return mixed ^ mixed >> 32
  }
}

/// The bytes of a host that is an address; `*` is ::.
enum IPAddress {
  case v4([UInt8])
  case v6([UInt8], zone: String?)

  /// Returns nil for a host that is a name to resolve.
  init?(_ host: String) {
    if SwiftEngine.isWildcard(host) {
      self = .v6([UInt8](repeating: 0, count: 16), zone: nil)
      return
    }
    guard host.utf8.contains(UInt8(ascii: ":")) else {
      guard let address = System.address(AF_INET, host) else { return nil }
      self = .v4(address)
      return
    }
    // Not by characters: a combining character at the start of a zone would belong to the percent sign.
    let parts = host.utf8.split(separator: UInt8(ascii: "%"), maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = System.address(AF_INET6, String(decoding: parts[0], as: UTF8.self)) else { return nil }
    let zone = parts.count == 2 ? String(decoding: parts[1], as: UTF8.self) : nil
    if let zone, !SwiftEngine.isZone(zone) { return nil }
    self = .v6(address, zone: zone)
  }
}
