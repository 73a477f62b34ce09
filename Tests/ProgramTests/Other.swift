// Programs of others that talk over the same sockets.

/// A program of others, as the client of a server and as the server of a client.
enum Other: CaseIterable, Sendable {
  case netcat, socat, python

  /// Sends its input, half-closes, prints what comes until the server's end.
  func client(of endpoint: String) -> Command {
    let isUnix = endpoint.hasPrefix("unix:")
    let (host, port, path) = Other.parts(endpoint)
    switch self {
    case .netcat: return Command(path: "nc", isUnix ? ["-NU", path] : ["-N", host, port])
    case .socat:
      let tcp = endpoint.contains("[") ? "TCP6:[\(host)]:\(port)" : "TCP4:\(host):\(port)"
      return Command(path: "socat", ["-t", "20", "-", isUnix ? "UNIX-CONNECT:\(path)" : tcp])
    case .python: return Command(path: "python3", ["-c", Other.pythonClient, host, port, path])
    }
  }

  /// Listens for one client, at a free port or that path; sends its input and prints what comes.
  func server(at place: Place, in folder: Folder) -> Command {
    let path = folder.path("socket")
    switch (self, place) {
    case (.netcat, .path): return Command(path: "nc", ["-NlvU", path])
    case (.netcat, let place): return Command(path: "nc", ["-Nlv", place == .ipv6 ? "::1" : "127.0.0.1", "0"])
    case (.socat, .path): return Command(path: "socat", ["-d", "-d", "-t", "20", "UNIX-LISTEN:\(path)", "-"])
    case (.socat, .ipv6): return Command(path: "socat", ["-d", "-d", "-t", "20", "TCP6-LISTEN:0,bind=[::1]", "-"])
    case (.socat, _): return Command(path: "socat", ["-d", "-d", "-t", "20", "TCP4-LISTEN:0,bind=127.0.0.1", "-"])
    case (.python, let place):
      let host = place == .ipv6 ? "::1" : "127.0.0.1"
      return Command(path: "python3", ["-c", Other.pythonServer, host, place == .path ? path : ""])
    }
  }

  /// The line that it says once it listens, as the endpoint for our client.
  func endpoint(_ said: String, at place: Place, in folder: Folder) -> String? {
    if place == .path { return Place.path.endpoint(in: folder) }
    let port = String(said.reversed().prefix { $0.isNumber }.reversed())
    return port.isEmpty ? nil : place == .ipv6 ? "tcp:[::1]:\(port)" : "tcp:127.0.0.1:\(port)"
  }

  /// Starts that line.
  var announcement: String {
    switch self {
    case .netcat: "Listening on "
    case .socat: "20"  // of the year
    case .python: "ready "
    }
  }

  private static func parts(_ endpoint: String) -> (host: String, port: String, path: String) {
    let name = endpoint.drop { $0 != ":" }.dropFirst()
    guard endpoint.hasPrefix("tcp:"), let colon = name.lastIndex(of: ":") else { return ("", "", String(name)) }
    return (name[..<colon].filter { $0 != "[" && $0 != "]" }, String(name[colon...].dropFirst()), "")
  }

  private static let pythonClient = """
    import socket, sys
    host, port, path = sys.argv[1:]
    s = socket.socket(socket.AF_UNIX) if path else socket.create_connection((host, int(port)))
    if path: s.connect(path)
    try:
      s.sendall(sys.stdin.buffer.read())
      s.shutdown(socket.SHUT_WR)
    except OSError: pass  # a server that only talks has ended
    while True:
      data = s.recv(65536)
      if not data: break
      sys.stdout.buffer.write(data)
    """

  private static let pythonServer = """
    import socket, sys
    host, path = sys.argv[1:]
    family = socket.AF_UNIX if path else socket.AF_INET6 if ':' in host else socket.AF_INET
    listener = socket.socket(family)
    listener.bind(path or (host, 0))
    listener.listen()
    print('ready', 0 if path else listener.getsockname()[1], file=sys.stderr, flush=True)
    s, _ = listener.accept()
    s.sendall(sys.stdin.buffer.read())
    while True:
      data = s.recv(65536)
      if not data: break
      sys.stdout.buffer.write(data)
    """
}
