/// A server that has printed its endpoint.
struct ListeningServer: Sendable {
  let process: RunningProcess
  let endpoint: String

  /// The digits of the port.
  var port: String { String(endpoint.port) }

  func stop() { process.send(.terminate) }
}

extension Command {
  /// Runs a server and, once it listens, the body; returns when both have ended.
  func serve<R: Sendable>(
    _ body: @escaping @Sendable (ListeningServer) async throws -> R
  ) async throws -> (result: R, outcome: Outcome) {
    try await run { process in
      guard let endpoint = await process.error.listening() else {
        throw RunFailure(description: "\(self) ended before it listened; it printed \"\(process.error.text)\"")
      }
      return try await body(ListeningServer(process: process, endpoint: endpoint))
    }
  }

  /// Runs a server with `-k` and the body; stops the server after the body.
  func serveAndStop<R: Sendable>(
    _ body: @escaping @Sendable (ListeningServer) async throws -> R
  ) async throws -> (result: R, outcome: Outcome) {
    try await serve { server in
      let result = try await body(server)
      server.stop()
      return result
    }
  }
}
