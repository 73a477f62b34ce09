import Testing

/// A server on `*`, all IPv4 and IPv6 addresses.
@Suite(.limitedConcurrency, .repeatable())
struct WildcardTests {
  @Test("A server on * serves clients of both IP versions, and logs IPv4 clients as IPv4", arguments: Engine.allCases)
  func bothFamilies(engine: Engine) async throws {
    for workers in ["1", "3"] {
      let command = Command.server(
        engine, "-k", "--workers", workers, "--log", "text", "--log-level", "debug", "*", "0")
      let server = try await command.serveAndStop { server in
        #expect(server.endpoint == "tcp:*:\(server.port)")
        for client in Engine.allCases {
          for host in ["127.0.0.1", "::1"] {
            let outcome = try await Command.client(client, host, server.port).run()
            #expect(outcome == Outcome(.exited(0), output: "Server Message"), "\(client)-client at \(host)")
          }
        }
        #expect(await server.process.error.wait { String(decoding: $0, as: UTF8.self).count(of: "peer=") == 4 })
      }.outcome
      #expect(server.status == .exited(0))
      #expect(server.error.count(of: "peer=tcp:127.0.0.1:") == 2, "\(server)")
      #expect(server.error.count(of: "peer=tcp:[::1]:") == 2, "\(server)")
    }
  }

  @Test("On a system without IPv6, a server on * listens on all IPv4 addresses", arguments: Engine.allCases)
  func withoutIPv6(engine: Engine) async throws {
    let command = Command.server(engine, "tcp:*:0")
      .traced("-qq", "-o", "/dev/null", "-e", "inject=socket:error=EAFNOSUPPORT:when=1")
    let (client, server) = try await command.serve { server in
      try await Command.client(engine, "127.0.0.1", server.port).run()
    }
    #expect(client == Outcome(.exited(0), output: "Server Message"))
    #expect(server.masked == Outcome(.exited(0), error: "listening tcp:0.0.0.0:PORT\n"))
  }
}

extension String {
  fileprivate func count(of text: String) -> Int { ranges(of: text).count }
}
