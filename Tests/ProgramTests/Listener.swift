// A server of the tests' own.

/// A raw socket that listens, and the endpoint by which a program connects to it.
struct Listener: Sendable {
  let socket: Socket
  let name: String

  init(at place: Place, in folder: Folder, backlog: CInt = 8) throws {
    let endpoint = place.endpoint(in: folder)
    socket = try Socket(listeningAt: endpoint, backlog: backlog)
    name = endpoint.hasPrefix("tcp:") ? socket.endpoint : endpoint
  }
}

/// Runs the body for a listener at each place.
func withListener(
  at places: [Place] = [.ipv4], backlog: CInt = 8, _ body: (Listener) async throws -> Void
) async throws {
  for place in places {
    try await withFolder { folder in try await body(try Listener(at: place, in: folder, backlog: backlog)) }
  }
}
