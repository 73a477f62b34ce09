// Servers as supervisors start them.

extension Command {
  /// Under systemd-socket-activate, which listens at these addresses, and becomes the program at the first client.
  func activated(at addresses: [String], _ environment: String...) -> Command {
    let options = addresses.flatMap { ["-l", $0] } + environment.flatMap { ["-E", $0] }
    var copy = Command(path: "systemd-socket-activate", (options + [path]).map { Array($0.utf8) } + arguments)
    (copy.input, copy.output) = (input, output)
    return copy
  }

  /// With these variables, where $$ is the process' own id.
  func with(_ variables: String, _ redirections: String = "") -> Command {
    inShell("export \(variables); exec \"$0\" \"$@\" \(redirections)")
  }
}

/// What a supervisor is told: socat prints the datagrams that come to a socket, one behind the other.
struct Notices: Sendable {
  let process: Running
  /// For NOTIFY_SOCKET.
  let name: String

  /// Waits until all that is told, from the first word on, is this.
  func wait(for text: Bytes) async -> Bool {
    await process.output.wait { $0.count >= text.count } && process.output.bytes == text
  }
}

/// Runs the body while notices are heard at a path, or an abstract name.
func withNotices(at place: Place, in folder: Folder, _ body: @escaping @Sendable (Notices) async throws -> Void)
  async throws
{
  let isPath = place == .path
  let name = isPath ? folder.path("notify") : "@\(folder.name)-notify"
  let receiver = isPath ? "UNIX-RECV:\(name)" : "ABSTRACT-RECV:\(name.dropFirst())"
  let socat = Command(path: "socat", ["-u", "-d", "-d", receiver, "-"]).reading(.open)
  _ = try await socat.run { socat in
    let isReady = await socat.error.wait { said in
      String(decoding: said, as: UTF8.self).contains("starting data transfer loop")
    }
    guard isReady else { throw RunFailure(description: "socat: \(socat.error.text)") }
    try await body(Notices(process: socat, name: name))
    socat.send(.terminate)
  }
}
