extension Command {
  /// Runs under systemd-socket-activate, which listens on these addresses and executes the program at the first client.
  func activated(at addresses: [String], _ environment: String...) -> Command {
    let options = addresses.flatMap { ["-l", $0] } + environment.flatMap { ["-E", $0] }
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
