import Testing

/// How the programs resolve host names, and the forms in which they accept an address.
@Suite(.limitedConcurrency, .repeatable())
struct HostNameTests {
  @Test("The client tries each address of a name in turn", arguments: Pairing.all, [SocketKind.ipv4, .ipv6])
  func triesEachAddress(pairing: Pairing, kind: SocketKind) async throws {
    guard try await canChangeHosts() else { return }
    try await withTemporaryFolder { folder in
      let hosts = try folder.file("hosts", "::1 both.test\n127.0.0.1 both.test\n")
      let (client, server) = try await Command.server(pairing.server, kind.endpoint(in: folder)).serve { server in
        let client = try await Command.client(pairing.client, "both.test", server.port).withHosts(hosts).run()
        if client.status != .exited(0) { server.stop() }
        return client
      }
      #expect(client == Outcome(.exited(0), output: "Server Message"), "\(pairing)")
      #expect(server.status == .exited(0), "\(pairing)")
    }
  }

  @Test("An address that does not answer delays the client only briefly", arguments: Pairing.all)
  func silentAddress(pairing: Pairing) async throws {
    guard try await canChangeHosts() else { return }
    try await withTemporaryFolder { folder in
      let hosts = try folder.file("hosts", "::1 both.test\n127.0.0.1 both.test\n")
      let (client, server) = try await Command.server(pairing.server, "127.0.0.1", "0").serve { server in
        // The backlog of the first address is full.
        let silent = try RawSocket(listeningAt: "tcp:[::1]:\(server.port)", backlog: 0)
        let first = try RawSocket(connectedTo: silent.endpoint)
        let client = try await Command.client(pairing.client, "-v", "both.test", server.port).withHosts(hosts).run()
        if client.status != .exited(0) { server.stop() }
        first.close()
        return (client, silent.endpoint)
      }
      #expect(client.0.status == .exited(0) && client.0.output == "Server Message", "\(pairing)")
      let start = """
        create: descriptor 3, \(client.1)
        create: descriptor 4, tcp:127.0.0.1:\(client.1.port)
        connect: descriptor 4, tcp:127.0.0.1:\(client.1.port)

        """
      #expect(client.0.error.hasPrefix(start), "\(pairing)")
      #expect(server.status == .exited(0), "\(pairing)")
    }
  }

  @Test("All of the many addresses of a name are tried", arguments: Engine.allCases)
  func manyAddresses(engine: Engine) async throws {
    guard try await canChangeHosts() else { return }
    try await withTemporaryFolder { folder in
      let hosts = try folder.file("hosts", Bytes((2...60).flatMap { Array("127.0.0.\($0) many.test\n".utf8) }))
      let (client, server) = try await Command.server(engine, "127.0.0.60", "0").serve { server in
        let client = try await Command.client(engine, "many.test", server.port).withHosts(hosts).run()
        if client.status != .exited(0) { server.stop() }
        return client
      }
      #expect(client == Outcome(.exited(0), output: "Server Message"))
      #expect(server.status == .exited(0))
    }
  }

  @Test("If no address accepts, the client reports each one with its own reason", arguments: Engine.allCases)
  func ownReasons(engine: Engine) async throws {
    guard try await canChangeHosts() else { return }
    try await withTemporaryFolder { folder in
      let hosts = try folder.file("hosts", "::1 both.test\n127.0.0.1 both.test\n")
      let silent = try RawSocket(listeningAt: "tcp:[::1]:0", backlog: 0)
      let first = try RawSocket(connectedTo: silent.endpoint)
      let port = silent.endpoint.port
      func error(timeout: String) async throws -> String {
        let client = Command.client(engine, "--timeout", timeout, "both.test", String(port)).withHosts(hosts)
        let outcome = try await client.run()
        #expect(outcome.status == .exited(1) && outcome.output == "")
        return outcome.error
      }
      let (refused, timedOut) = (
        "tcp:127.0.0.1:\(port): Connection refused", "\(silent.endpoint): Connection timed out"
      )
      let start = "Error : Connect Failed: tcp:both.test:\(port): "
      #expect(try await error(timeout: "3") == start + "\(refused); \(timedOut)\n")
      #expect(try await error(timeout: "0.1") == start + "\(timedOut); no time was left for 1 other address\n")
      first.close()
    }
  }

  @Test("If all addresses refuse, the client reports all of them", arguments: Engine.allCases)
  func allRefuse(engine: Engine) async throws {
    guard try await canChangeHosts() else { return }
    try await withTemporaryFolder { folder in
      let hosts = try folder.file("hosts", "::1 both.test\n127.0.0.1 both.test\n")
      let taken = try RawSocket(boundTo: "tcp:127.0.0.1:0")
      let port = taken.endpoint.port
      let client = try await Command.client(engine, "-v", "both.test", String(port)).withHosts(hosts).run()
      let tries = ["tcp:[::1]:\(port)", "tcp:127.0.0.1:\(port)"].map { endpoint in
        "create: descriptor 3, \(endpoint)\nconnect: descriptor 3, \(endpoint): Connection refused\n"
      }
      let reasons = "tcp:[::1]:\(port): Connection refused; tcp:127.0.0.1:\(port): Connection refused"
      let error = "Error : Connect Failed: tcp:both.test:\(port): \(reasons)\n"
      #expect(client == Outcome(.exited(1), error: tries.joined() + error))
    }
  }

  @Test("All forms of an address reach the same server", arguments: Pairing.all)
  func forms(pairing: Pairing) async throws {
    let command = Command.server(pairing.server, "-k", "127.0.0.1", "0")
    let (clients, server) = try await command.serveAndStop { server in
      var clients: [Outcome] = []
      let port = server.port
      for form in [
        [port], ["127.0.0.1", port], ["localhost", port], [server.endpoint], ["tcp:localhost:\(port)"],
      ] {
        let arguments = form.map { Array($0.utf8) }
        clients.append(try await Command(program: "\(pairing.client)-client", arguments).run())
      }
      return clients
    }
    for client in clients { #expect(client == Outcome(.exited(0), output: "Server Message"), "\(pairing)") }
    #expect(server.masked == Outcome(.exited(0), error: "listening tcp:127.0.0.1:PORT\n"), "\(pairing)")
  }
}

/// Whether this machine allows namespaces. A container may not; the tests that need a name with two addresses then warn.
private func canChangeHosts() async throws -> Bool {
  let probe = try await Command(path: "unshare", ["-rm", "mount", "--bind", "/etc/hosts", "/etc/hosts"]).run()
  if probe.status != .exited(0) {
    Issue.record("skipped the tests of a name with two addresses: unshare fails: \(probe.error)", severity: .warning)
  }
  return probe.status == .exited(0)
}

extension Command {
  /// Runs in a mount namespace in which this file is /etc/hosts.
  fileprivate func withHosts(_ path: String) -> Command {
    let script = "mount --bind \"$0\" /etc/hosts && exec \"$@\""
    let arguments = ["-rm", "sh", "-c", script, path, self.path].map { Array($0.utf8) } + arguments
    return Command(path: "unshare", arguments)
  }
}
