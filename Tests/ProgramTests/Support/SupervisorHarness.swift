import Testing

extension Command {
  /// Runs under systemd-socket-activate, which listens on these addresses and executes the program at the first client.
  /// - Parameter accepts: It accepts each client, and starts a process for it, as systemd does with Accept=yes.
  func activated(at addresses: [String], accepts: Bool = false, _ environment: String...) -> Command {
    let options =
      (accepts ? ["--accept"] : []) + addresses.flatMap { ["-l", $0] } + environment.flatMap { ["-E", $0] }
    var copy = Command(path: "systemd-socket-activate", (options + [path]).map { Array($0.utf8) } + arguments)
    (copy.input, copy.output) = (input, output)
    return copy
  }

  /// Runs with these environment variables; `$$` in them is the process' own id.
  func withEnvironment(_ variables: String, _ redirections: String = "") -> Command {
    inShell("export \(variables); exec \"$0\" \"$@\" \(redirections)")
  }
}

/// What a server sends to NOTIFY_SOCKET: socat receives the datagrams and prints them, one after the other.
struct SupervisorNotifications: Sendable {
  let process: RunningProcess
  /// The value of NOTIFY_SOCKET.
  let name: String

  /// Waits until the datagrams so far, joined, are this text.
  func wait(for text: Bytes) async -> Bool {
    await process.output.wait { $0.count >= text.count } && process.output.bytes == text
  }
}

/// Runs the body while socat receives notifications at a path or an abstract name.
func withNotifications(
  at kind: SocketKind, in folder: TemporaryFolder,
  _ body: @escaping @Sendable (SupervisorNotifications) async throws -> Void
)
  async throws
{
  let isPath = kind == .path
  let name = isPath ? folder.path("notify") : "@\(folder.name)-notify"
  let receiver = isPath ? "UNIX-RECV:\(name)" : "ABSTRACT-RECV:\(name.dropFirst())"
  let socat = Command(path: "socat", ["-u", "-d", "-d", receiver, "-"]).reading(.open)
  _ = try await socat.run { socat in
    let isReady = await socat.error.wait { bytes in
      String(decoding: bytes, as: UTF8.self).contains("starting data transfer loop")
    }
    guard isReady else { throw RunFailure(description: "socat: \(socat.error.text)") }
    try await body(SupervisorNotifications(process: socat, name: name))
    socat.send(.terminate)
  }
}

/// Runs the body while xinetd serves on free ports.
/// - Parameter services: The attributes of each service besides its port, by name.
func withXinetd(
  _ services: [String: [String]], _ body: @escaping @Sendable ([String: UInt16]) async throws -> Void
) async throws {
  try await withTemporaryFolder { folder in
    // xinetd accepts no port 0: sockets reserve the ports that the kernel chose, and close just before it starts.
    let sockets = try services.keys.map { ($0, try RawSocket(boundTo: "tcp:127.0.0.1:0")) }
    let ports = Dictionary(uniqueKeysWithValues: sockets.map { ($0, UInt16($1.endpoint.port)!) })
    let user = try await Command(path: "id", ["-un"]).run()
    let common = ["socket_type = stream", "protocol = tcp", "bind = 127.0.0.1", "disable = no"]
    let name = String(decoding: user.output.array.dropLast(), as: UTF8.self)
    let entries = services.map { service, attributes in
      let all = attributes + common + ["user = \(name)", "port = \(ports[service]!)"]
      return "service \(service)\n{\n  " + all.joined(separator: "\n  ") + "\n}\n"
    }
    let configuration = try folder.file("xinetd.conf", Bytes(entries.joined().utf8))
    let arguments = ["-dontfork", "-filelog", "/dev/stderr", "-pidfile", folder.path("pid"), "-f", configuration]
    for (_, socket) in sockets { socket.close() }
    let outcome = try await Command(path: "xinetd", arguments).run { xinetd in
      let isReady = await xinetd.error.wait { bytes in
        String(decoding: bytes, as: UTF8.self).contains("Started working: \(services.count) available service")
      }
      try #require(isReady, "xinetd: \(xinetd.error.text)")
      try await body(ports)
      xinetd.send(.terminate)
    }.outcome
    #expect(outcome.status == .exited(0), "\(outcome)")
  }
}
