import Testing

/// The kernel checks TCP clients that send nothing.
@Suite(.limitedConcurrency, .repeatable())
struct KeepaliveTests {
  @Test("The kernel checks each client of each worker, unless --keepalive is 0", arguments: Engine.allCases)
  func clients(engine: Engine) async throws {
    for (options, timer) in [
      ([], KernelConnections.keepAliveTimer), (["--keepalive", "600"], KernelConnections.keepAliveTimer),
      (["--keepalive", "0"], KernelConnections.noTimer),
    ] {
      var command = Command.server(engine, "-k", "--workers", "3", "--service", "echo")
      command.arguments += (options + ["0"]).map { Array($0.utf8) }
      _ = try await command.serveAndStop { server in
        let timers = try await blocking { try Self.connect(to: server.endpoint, timer) }
        #expect(timers, "\(options)")
      }
    }
  }

  @Test("The kernel checks the clients of a listener that systemd passes", arguments: Engine.allCases)
  func adopted(engine: Engine) async throws {
    let reserved = try RawSocket(reserving: .ipv4)
    let address = String(reserved.endpoint.dropFirst("tcp:".count))
    let command = Command.server(engine, "-k", "--service", "echo").activated(at: [address])
    let server = try await command.run { server in
      let isReady = await server.error.line(after: "Listening on ") != nil
      try #require(isReady, "\(server.error.text)")
      #expect(try await blocking { try Self.connect(to: reserved.endpoint, KernelConnections.keepAliveTimer) })
      server.send(.terminate)
    }.outcome
    #expect(server.status == .exited(0), "\(server)")
    withExtendedLifetime(reserved) {}
  }

  /// Whether all connections of several clients have this timer once all data is acknowledged.
  private static func connect(to endpoint: String, _ timer: Int) throws -> Bool {
    let clients = try (1...20).map { _ in try RawSocket(connectedTo: endpoint) }
    for client in clients {
      try client.send("x")
      #expect(try client.receive(1) == "x")
    }
    defer { for client in clients { client.close() } }
    return try KernelConnections.waitForTimers(from: endpoint.port) { timers in
      timers.count == clients.count && timers.allSatisfy { $0 == timer }
    }
  }
}
