// Endpoints as the kernel and the resolver have them.
internal import Glibc
public import IPC
internal import SystemPackage

/// A socket address as bytes: `struct sockaddr_in`, `sockaddr_in6` or `sockaddr_un`, whose layouts are the kernel's ABI.
struct Address {
  /// Bytes of `struct sockaddr_storage`.
  static let capacity: socklen_t = 128
  private static let pathOffset = 2

  var bytes: [UInt8]

  init() { bytes = [] }

  var family: CInt { bytes.count >= 2 ? CInt(bytes[0]) | CInt(bytes[1]) << 8 : 0 }

  /// Throws `EAI_NONAME` where the name is a host name, not an address.
  init(_ endpoint: Endpoint, for step: Step) throws(Failure) {
    switch endpoint {
    case .tcp(let host, let port):
      switch IPAddress(host) {
      case .v4(let address)?:
        bytes = Self.native(UInt16(AF_INET)) + Self.network(port) + address + [UInt8](repeating: 0, count: 8)
      case .v6(let address, let zone)?:
        let scope = try Self.scope(zone, for: step)
        bytes = Self.native(UInt16(AF_INET6)) + Self.network(port) + [0, 0, 0, 0] + address + Self.native(scope)
      case nil:
        throw Failure(step, .name(EAI_NONAME))
      }
    // A path is passed with its NUL; an abstract name starts with one, and its length is what ends it.
    case .unix(let path):
      bytes = Self.native(UInt16(AF_UNIX)) + (try Self.checked(path, for: step)) + [0]
    case .abstract(let name):
      bytes = Self.native(UInt16(AF_UNIX)) + [0] + (try Self.checked(name, for: step))
    case .pipe, .queue, .memory:
      throw Failure(step, .addressFamilyNotSupported)
    }
  }

  private static func checked(_ name: [UInt8], for step: Step) throws(Failure) -> [UInt8] {
    guard (1...Limit.path).contains(name.count) else { throw Failure(step, .syntax(.path)) }
    return name
  }

  /// An interface by name, or by number.
  private static func scope(_ zone: String?, for step: Step) throws(Failure) -> UInt32 {
    guard let zone else { return 0 }
    let scope = System.interfaceIndex(zone)
    guard let number = scope > 0 ? scope : UInt32(zone), number > 0 else {
      throw Failure(step, Errno(rawValue: ENODEV))
    }
    return number
  }

  /// The endpoint of a kernel's address; nil where an unnamed Unix socket has none.
  func endpoint(for step: Step) throws(Failure) -> Endpoint? {
    switch family {
    case AF_UNIX:
      guard bytes.count > Self.pathOffset else { return nil }
      let name = bytes[Self.pathOffset...]
      return name.first == 0 ? .abstract(name: Array(name.dropFirst())) : .unix(path: Array(name.prefix { $0 != 0 }))
    case AF_INET:
      return .tcp(host: System.text(AF_INET, bytes[4..<8]), port: port)
    case AF_INET6:
      let host = System.text(AF_INET6, bytes[8..<24])
      let scope = bytes[24..<28].reversed().reduce(0) { $0 << 8 | UInt32($1) }
      guard scope != 0 else { return .tcp(host: host, port: port) }
      guard let zone = System.interfaceName(scope) else { throw Failure(step, Errno(rawValue: ENODEV)) }
      return .tcp(host: "\(host)%\(zone)", port: port)
    default:
      throw Failure(step, Errno.addressFamilyNotSupported)
    }
  }

  var port: UInt16 { UInt16(bytes[2]) << 8 | UInt16(bytes[3]) }

  /// Little-endian: Swift's Linux knows no other.
  private static func native<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  private static func network(_ port: UInt16) -> [UInt8] { [UInt8(port >> 8), UInt8(port & 0xFF)] }
}

/// A client's address, in little room: of TCP; the kernel knows a Unix client's.
struct Client {
  var family: UInt16 = 0
  var port: UInt16 = 0
  /// As it stands in memory, and so are the others.
  var scope: UInt32 = 0
  var high: UInt64 = 0
  var low: UInt64 = 0

  private static func bytes(_ number: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> ((count - 1 - $0) * 8)) }
  }

  private var address: Address {
    let head = [UInt8(family & 0xFF), UInt8(family >> 8), UInt8(port >> 8), UInt8(port & 0xFF)]
    var address = Address()
    address.bytes =
      family == AF_INET
      ? head + Self.bytes(high, 4)
      : head + [0, 0, 0, 0] + Self.bytes(high, 8) + Self.bytes(low, 8) + Self.bytes(UInt64(scope), 4)
    return address
  }

  /// nil where an unnamed Unix client has none.
  func endpoint(on socket: CInt) throws(Failure) -> Endpoint? {
    guard family == AF_UNIX else { return try address.endpoint(for: .accept) }
    var address = Address()
    return System.peerAddress(socket, &address) < 0 ? nil : try address.endpoint(for: .accept)
  }

  func sharesAddress(with extra: Client) -> Bool { family == extra.family && high == extra.high && low == extra.low }

  var hash: UInt64 {
    let mixed = (high ^ low) &* 0x9E37_79B9_7F4A_7C15
    return mixed ^ mixed >> 32
  }
}

/// A host that is an address, and not a name to look up.
enum IPAddress {
  case v4([UInt8])
  case v6([UInt8], zone: String?)

  init?(_ host: String) {
    guard host.utf8.contains(UInt8(ascii: ":")) else {
      guard let address = System.address(AF_INET, host) else { return nil }
      self = .v4(address)
      return
    }
    let parts = host.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = System.address(AF_INET6, String(parts[0])) else { return nil }
    let zone = parts.count == 2 ? parts[1] : nil
    if let zone {
      guard (1..<Int(IF_NAMESIZE)).contains(zone.utf8.count),
        zone.utf8.allSatisfy({ $0.isNameCharacter || $0 == UInt8(ascii: ".") })
      else { return nil }
    }
    self = .v6(address, zone: zone.map(String.init))
  }
}

extension SwiftEngine {
  public static func resolve(_ endpoint: Endpoint) throws(Failure) -> [Endpoint] {
    guard case .tcp(let host, let port) = endpoint, IPAddress(host) == nil else { return [endpoint] }
    let (result, addresses) = System.addresses(ofHost: host, atMost: Limit.candidates)
    try check(.resolve, result, at: endpoint)
    let candidates = addresses.compactMap { address -> Endpoint? in
      guard case .tcp(let host, _)? = try? address.endpoint(for: .resolve) else { return nil }
      return .tcp(host: host, port: port)
    }
    guard !candidates.isEmpty else { throw Failure(.resolve, .name(EAI_NONAME), at: endpoint) }
    return candidates
  }

  public static func local(_ socket: borrowing Descriptor) throws(Failure) -> Endpoint {
    var address = Address()
    try check(.resolve, System.localAddress(socket.number, &address))
    guard let endpoint = try address.endpoint(for: .resolve) else { throw Failure(.resolve, Errno.socketNotConnected) }
    return endpoint
  }

  public static func peer(_ socket: borrowing Descriptor) throws(Failure) -> Endpoint {
    var address = Address()
    try check(.resolve, System.peerAddress(socket.number, &address))
    return if let endpoint = try address.endpoint(for: .resolve) { endpoint } else { try local(socket) }
  }
}
