/// What a call did to one descriptor: its name, the arguments that matter, and how much passed or how it failed. Where
/// the bytes lay and how much room there was is the program's own business.
struct NormalizedCall: Hashable {
  let thread: Int
  /// As a report shows it.
  let text: String
  /// It is to move bytes.
  let moves: Bool
  /// Bytes that passed; nil where none could.
  let count: Int?
  /// Of an `accept`, what the new socket is known by.
  let accepted: String?

  init(_ call: Call, _ setting: CallSetting) {
    thread = call.thread
    moves = Self.readers.contains(call.name) || Self.writers.contains(call.name) || Self.copiers.contains(call.name)
    let words = [call.name] + Self.arguments(call, setting).filter { !$0.isEmpty && $0 != "0" && $0 != "NULL" }
    count = moves ? call.result : nil
    text = (words + [call.error].compactMap(\.self)).joined(separator: " ")
    accepted = call.name.hasPrefix("accept") ? call.opened?.target : nil
  }

  /// What a report is told of the arguments.
  private static func arguments(_ call: Call, _ setting: CallSetting) -> [String] {
    switch call.name {
    case "socket": [call.argument(0), call.argument(1)]
    case "bind", "connect": [setting.masked(call.argument(1))]
    case "listen": ["\(call.argument(1)) may wait"]
    case "accept4": [call.argument(3)]
    case "shutdown": [call.argument(1)]
    case "setsockopt": [call.argument(2), "= \(call.argument(3))"]
    // Others tell of the kernel's state, which time has a part in.
    case "getsockopt": [call.argument(2), call.argument(2) == "SO_ERROR" ? "= \(call.argument(3))" : ""]
    case "fcntl": call.arguments.dropFirst().map(\.self)
    case "ioctl": [call.argument(1), call.argument(1) == "FIONBIO" ? "= \(call.argument(2))" : ""]
    case "dup3", "recvmsg", "sendmsg": [call.argument(2)]
    case "recv", "send", "recvfrom", "sendto", "recvmmsg", "sendmmsg": [call.argument(3)]
    default: []
    }
  }

  /// The same moment on another run may find nothing to do yet.
  static func isChance(_ call: Call) -> Bool {
    call.isOpen || ["EAGAIN", "EWOULDBLOCK", "EINTR"].contains(call.error)
  }

  /// What runtimes ask of standard streams when they start, and what moves nothing.
  static func isAsking(_ call: Call) -> Bool {
    switch call.name {
    case "ioctl", "dup", "dup2", "dup3": true
    case "fcntl": call.argument(1) != "F_SETFL"
    default: false
    }
  }

  var isRead: Bool { Self.readers.contains(String(text.prefix { $0 != " " })) }

  /// Peeking, too, takes nothing away; it is told by its flag.
  static let readers: Set<String> = ["read", "readv", "preadv2", "recv", "recvfrom", "recvmsg", "recvmmsg"]
  static let writers: Set<String> = ["write", "writev", "pwritev2", "send", "sendto", "sendmsg", "sendmmsg"]
  /// From one descriptor to another.
  static let copiers: Set<String> = ["splice", "sendfile"]
}

/// What a run gave a program, by which its calls get names that are the same in each run.
struct CallSetting {
  let host: String
  let port: Int
  let socket: String
  /// What 0 to 2 stand for when a program is started, of each start.
  let standards: [[String]]
  /// The connections that came about, in order; and by the port of a peer that connected.
  let connections: [String]
  let labels: [Int: String]

  /// Whether it is where the program was told to listen or to connect.
  func isPlace(_ address: String) -> Bool {
    if let path = Self.part(address, "sun_path=\"", "\"") { return path == socket }
    return port(address) == port
  }

  func port(_ address: String) -> Int? { Self.part(address, "_port=htons(", ")").flatMap { Int($0) } }

  func masked(_ address: String) -> String {
    if let path = Self.part(address, "sun_path=", "}") { return path == "\"\(socket)\"" ? "{socket}" : path }
    guard let port = port(address) else { return "" }
    let host = Self.part(address, "inet_addr(\"", "\"") ?? Self.part(address, "inet_pton(AF_INET6, \"", "\"") ?? ""
    return (host == self.host ? "{host}" : host) + " " + (port == self.port ? "{port}" : String(port))
  }

  private static func part(_ text: String, _ before: String, _ after: Character) -> String? {
    guard let start = text.firstRange(of: before)?.upperBound, let end = text[start...].firstIndex(of: after) else {
      return nil
    }
    return String(text[start..<end])
  }
}
