/// The effect of a call on one descriptor: its name, the relevant arguments, and the bytes moved or the error.
/// Addresses and buffer sizes do not matter to a peer.
struct NormalizedCall: Hashable {
  let thread: Int
  /// The text in a report.
  let text: String
  /// Whether the call moves bytes.
  let moves: Bool
  /// The number of bytes moved; nil if the call can't move any.
  let count: Int?
  /// For `accept`: the target of the new socket.
  let accepted: String?

  init(_ call: Call, _ setting: CallSetting) {
    thread = call.thread
    moves = Self.readers.contains(call.name) || Self.writers.contains(call.name) || Self.copiers.contains(call.name)
    let words = [call.name] + Self.arguments(call, setting).filter { !$0.isEmpty && $0 != "0" && $0 != "NULL" }
    count = moves ? call.result : nil
    text = (words + [call.error].compactMap(\.self)).joined(separator: " ")
    accepted = call.name.hasPrefix("accept") ? call.opened?.target : nil
  }

  /// The arguments that a report shows.
  private static func arguments(_ call: Call, _ setting: CallSetting) -> [String] {
    switch call.name {
    case "socket": [call.argument(0), call.argument(1)]
    case "bind", "connect": [setting.masked(call.argument(1))]
    case "listen": ["\(call.argument(1)) may wait"]
    case "accept4": [call.argument(3)]
    case "shutdown": [call.argument(1)]
    case "setsockopt": [call.argument(2), "= \(call.argument(3))"]
    // Other results depend on the kernel's state and on timing.
    case "getsockopt": [call.argument(2), call.argument(2) == "SO_ERROR" ? "= \(call.argument(3))" : ""]
    case "fcntl": call.arguments.dropFirst().map(\.self)
    case "ioctl": [call.argument(1), call.argument(1) == "FIONBIO" ? "= \(call.argument(2))" : ""]
    case "dup3", "recvmsg", "sendmsg": [call.argument(2)]
    case "recv", "send", "recvfrom", "sendto", "recvmmsg", "sendmmsg": [call.argument(3)]
    default: []
    }
  }

  /// The call found nothing to do; in another run it may.
  static func isTimingDependent(_ call: Call) -> Bool {
    call.isOpen || ["EAGAIN", "EWOULDBLOCK", "EINTR"].contains(call.error)
  }

  /// Calls that runtimes make on standard streams at start-up, and that move nothing.
  static func isQuery(_ call: Call) -> Bool {
    switch call.name {
    case "ioctl", "dup", "dup2", "dup3": true
    case "fcntl": call.argument(1) != "F_SETFL"
    default: false
    }
  }

  var isRead: Bool { Self.readers.contains(String(text.prefix { $0 != " " })) }

  /// A peek leaves the data in the socket. Its flag shows that it is one.
  static let readers: Set<String> = ["read", "readv", "preadv2", "recv", "recvfrom", "recvmsg", "recvmmsg"]
  static let writers: Set<String> = ["write", "writev", "pwritev2", "send", "sendto", "sendmsg", "sendmmsg"]
  /// Moves bytes from one descriptor to another.
  static let copiers: Set<String> = ["splice", "sendfile"]
}

/// The values that a run gave to a program. They are replaced by names that are equal in each run.
struct CallSetting {
  let host: String
  let port: Int
  /// The port of a proxy's upstreams.
  var upstream: Int?
  let socket: String
  let folder: String
  /// The targets of descriptors 0 to 2 at each start.
  let standards: [[String]]
  /// The names of the connections that were established, in order; and by the port of the peer that connected.
  let connections: [String]
  let labels: [Int: String]

  /// Whether an address is the one where the program should listen or connect.
  func isEndpoint(_ address: String) -> Bool {
    if let path = Self.part(address, "sun_path=\"", "\"") { return path == socket }
    return [port, upstream].contains(port(address))
  }

  func port(_ address: String) -> Int? { Self.part(address, "_port=htons(", ")").flatMap { Int($0) } }

  func masked(_ address: String) -> String {
    if let path = Self.part(address, "sun_path=", "}") { return path == "\"\(socket)\"" ? "{socket}" : path }
    guard let port = port(address) else { return "" }
    let host = Self.part(address, "inet_addr(\"", "\"") ?? Self.part(address, "inet_pton(AF_INET6, \"", "\"") ?? ""
    return (host == self.host ? "{host}" : host) + " " + named(port)
  }

  private func named(_ port: Int) -> String {
    if port == self.port { return "{port}" }
    return port == upstream ? "{upstream-port}" : String(port)
  }

  private static func part(_ text: String, _ before: String, _ after: Character) -> String? {
    guard let start = text.firstRange(of: before)?.upperBound, let end = text[start...].firstIndex(of: after) else {
      return nil
    }
    return String(text[start..<end])
  }
}
