/// A program of another project, as a client of our servers and as a server of our clients.
enum ThirdParty: CaseIterable, Sendable {
  case netcat, socat, python

  /// A client that sends its input, half-closes, and prints what it receives until the server's end.
  func client(of endpoint: String) -> Command {
    let isUnix = endpoint.hasPrefix("unix:")
    let (host, port, path) = ThirdParty.parts(endpoint)
    switch self {
    case .netcat: return Command(path: "nc", isUnix ? ["-NU", path] : ["-N", host, port])
    case .socat:
      let tcp = endpoint.contains("[") ? "TCP6:[\(host)]:\(port)" : "TCP4:\(host):\(port)"
      return Command(path: "socat", ["-t", "20", "-", isUnix ? "UNIX-CONNECT:\(path)" : tcp])
    case .python: return Command.script("socket_client.py", host, port, path)
    }
  }

  /// A server for one client, on a free port or a path in the folder: it sends its input and prints what it receives.
  func server(at kind: SocketKind, in folder: TemporaryFolder) -> Command {
    let path = folder.path("socket")
    switch (self, kind) {
    case (.netcat, .path): return Command(path: "nc", ["-NlvU", path])
    case (.netcat, let kind): return Command(path: "nc", ["-Nlv", kind == .ipv6 ? "::1" : "127.0.0.1", "0"])
    case (.socat, .path): return Command(path: "socat", ["-d", "-d", "-t", "20", "UNIX-LISTEN:\(path)", "-"])
    case (.socat, .ipv6): return Command(path: "socat", ["-d", "-d", "-t", "20", "TCP6-LISTEN:0,bind=[::1]", "-"])
    case (.socat, _): return Command(path: "socat", ["-d", "-d", "-t", "20", "TCP4-LISTEN:0,bind=127.0.0.1", "-"])
    case (.python, let kind):
      let host = kind == .ipv6 ? "::1" : "127.0.0.1"
      return Command.script("socket_server.py", host, kind == .path ? path : "")
    }
  }

  /// The endpoint for our client, from the rest of the line that the server prints once it listens.
  func endpoint(from announcement: String, at kind: SocketKind, in folder: TemporaryFolder) -> String? {
    if kind == .path { return SocketKind.path.endpoint(in: folder) }
    let port = String(announcement.reversed().prefix { $0.isNumber }.reversed())
    guard !port.isEmpty else { return nil }
    return kind == .ipv6 ? "tcp:[::1]:\(port)" : "tcp:127.0.0.1:\(port)"
  }

  /// The start of the line that the server prints once it listens.
  var announcement: String {
    switch self {
    case .netcat: "Listening on "
    case .socat: "20"  // Its lines start with a date.
    case .python: "ready "
    }
  }

  private static func parts(_ endpoint: String) -> (host: String, port: String, path: String) {
    let name = endpoint.drop { $0 != ":" }.dropFirst()
    guard endpoint.hasPrefix("tcp:"), let colon = name.lastIndex(of: ":") else { return ("", "", String(name)) }
    return (name[..<colon].filter { $0 != "[" && $0 != "]" }, String(name[colon...].dropFirst()), "")
  }
}
