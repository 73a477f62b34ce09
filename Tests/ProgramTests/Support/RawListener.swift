/// A raw socket that listens, and the endpoint by which a program connects to it.
struct RawListener: Sendable {
  let socket: RawSocket
  let endpoint: String

  init(at kind: SocketKind, in folder: TemporaryFolder, backlog: CInt = 8) throws {
    let requested = kind.endpoint(in: folder)
    socket = try RawSocket(listeningAt: requested, backlog: backlog)
    endpoint = requested.hasPrefix("tcp:") ? socket.endpoint : requested
  }
}

/// Runs the body once for each kind, with a listener of that kind.
func withListener(
  at kinds: [SocketKind] = [.ipv4], backlog: CInt = 8, _ body: (RawListener) async throws -> Void
) async throws {
  for kind in kinds {
    try await withTemporaryFolder { folder in
      try await body(try RawListener(at: kind, in: folder, backlog: backlog))
    }
  }
}
