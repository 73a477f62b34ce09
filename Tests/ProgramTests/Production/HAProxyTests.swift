import Testing

/// HAProxy with deploy/haproxy.cfg in front of two of our servers.
@Suite(.limitedConcurrency, .repeatable())
struct HAProxyTests {
  @Test("One server restarts while clients connect through HAProxy, and no client is lost", arguments: Engine.allCases)
  func restart(engine: Engine) async throws {
    let other = Engine.allCases.first { $0 != engine }!
    let ports = try (0..<3).map { _ in try RawSocket(reserving: .ipv4) }
    let endpoints = ports.map(\.endpoint)
    let first = Command.server(engine, "-k", "-v", "--service", "echo", endpoints[1])
    let second = Command.server(other, "-k", "--service", "echo", endpoints[2])
    _ = try await second.serveAndStop { _ in
      try await withHAProxy(endpoints) { port in
        let crowd = try await EchoCrowd.run(at: port) { crowd in
          for round in 1...2 {
            let server = try await first.serve { server in
              #expect(await server.hasServed(50), "round \(round): \(server.process.error.text)")
              server.stop()
            }.outcome
            #expect(server.status == .exited(0), "round \(round)")
            // This server is down now, and the clients continue.
            #expect(await crowd.awaitServed(100), "round \(round)")
          }
        }
        #expect(crowd.status == .exited(0))
        #expect(crowd.error == "", "no client is lost")
        #expect(crowd.output.count >= 300)
      }
    }
    withExtendedLifetime(ports) {}
  }

  private func withHAProxy(
    _ endpoints: [String], _ body: @escaping @Sendable (Substring) async throws -> Void
  ) async throws {
    let names = ["DIPTYCH_LISTEN", "DIPTYCH_SERVER_1", "DIPTYCH_SERVER_2"]
    let variables = zip(names, endpoints).map { "\($0)=127.0.0.1:\($1.port)" }.joined(separator: " ")
    let file = RepositoryFiles.path("deploy/haproxy.cfg")
    // /usr/sbin is on the PATH of root only.
    let command = Command(path: "/usr/sbin/haproxy", ["-db", "-f", file]).withEnvironment(variables)
    let outcome = try await command.run { proxy in
      try await KernelConnections.awaitListener(at: endpoints[0].port)
      try await body(endpoints[0].port)
      #expect(proxy.awaitEnd(within: 0) == false, "\(proxy.error.text)")
      proxy.send(.terminate)
    }.outcome
    #expect(!outcome.error.contains("ALERT"), "\(outcome)")
  }
}

extension ListeningServer {
  /// Waits until the server's --verbose output shows this many sends.
  fileprivate func hasServed(_ count: Int) async -> Bool {
    await process.error.wait { bytes in
      String(decoding: bytes, as: UTF8.self).split(separator: "\n").count { $0.hasPrefix("send: ") } >= count
    }
  }
}
