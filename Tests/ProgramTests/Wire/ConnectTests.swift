import Testing

/// How a client connects over TCP, in a network namespace of its own.
@Suite(.limitedConcurrency, .repeatable())
struct ConnectTests {
  @Test("A client that the kernel would connect to itself reports that no server listens", arguments: Engine.allCases)
  func itself(engine: Engine) async throws {
    let onePort = "echo 40000 40000 > /proc/sys/net/ipv4/ip_local_port_range"
    guard try await isAllowedInNetwork(onePort) else { return }
    for endpoint in ["tcp:127.0.0.1:40000", "tcp:[::1]:40000"] {
      let client = try await Command.client(engine, endpoint).inNetwork(after: onePort).run(input: "hello\n")
      #expect(
        client == Outcome(.exited(1), error: "Error : Connect Failed: \(endpoint): Connection refused\n"),
        "the client's own words are no answer")
    }
  }

  @Test("With --source the client connects from this address and port", arguments: Engine.allCases)
  func source(engine: Engine) async throws {
    for kind in [SocketKind.ipv4, .ipv6] {
      let own = try RawSocket(reserving: kind).endpoint
      let server = Command.server(
        engine, "--log", "json", "--log-level", "debug", kind == .ipv4 ? "tcp:127.0.0.1:0" : "tcp:[::1]:0", "-k")
      let (client, log) = try await server.serveAndStop { server in
        let source = String(own.dropFirst("tcp:".count))
        return try await Command.client(engine, "--source", source, server.endpoint).run()
      }
      #expect(client == Outcome(.exited(0), output: "Server Message"))
      #expect(log.error.contains("\"peer\":\"\(own)\""), "\(log.error)")
    }
  }

  @Test("A client reports a --source that is not an address of this machine", arguments: Engine.allCases)
  func foreignSource(engine: Engine) async throws {
    let client = try await Command.client(engine, "--source", "192.0.2.1:0", "127.0.0.1", "80").run()
    let error = "Error : Could not bind on Given IP: tcp:192.0.2.1:0: Cannot assign requested address\n"
    #expect(client == Outcome(.exited(1), error: error))
  }

  @Test(
    "A --source that does not apply is rejected with the reason", arguments: Engine.allCases,
    [
      (["--source", "localhost:0", "80"], "it must be an IPv4 address or an IPv6 address in brackets"),
      (["--source", "*:0", "80"], "it must be an IPv4 address or an IPv6 address in brackets"),
      (["--source", "127.0.0.1", "80"], "a port is a number from 0 to 65535"),
      (["--source", "[::1]:0", "80"], "--source must be an address of the same IP version as the server's"),
      (["--source", "127.0.0.1:0", "unix:x"], "--source applies to TCP only"),
    ])
  func invalidSource(engine: Engine, arguments: (given: [String], reason: String)) async throws {
    let given = arguments.given.map { Array($0.utf8) }
    let client = try await Command(program: "\(engine)-client", given).run()
    #expect(client.status == .exited(64))
    #expect(client.error.contains(arguments.reason), "\(client.error)")
  }

  @Test("The client tries the IPv6 and IPv4 addresses of a name alternately", arguments: Engine.allCases)
  func families(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let addresses = ["fd00::1", "fd00::2", "127.0.0.1", "127.0.0.2"]
      let hosts = try folder.file("hosts", Bytes(addresses.flatMap { Array("\($0) both.test\n".utf8) }))
      let add = addresses.prefix(2).map { "ip address add \($0)/128 dev lo nodad && " }.joined()
      let script = add + "mount --bind '\(hosts)' /etc/hosts"
      guard try await isAllowedInNetwork(script) else { return }
      let client = try await Command.client(engine, "-v", "both.test", "40000").inNetwork(after: script).run()
      let tries = client.error.split(separator: "\n").filter { $0.hasPrefix("create:") }
      #expect(tries.count == addresses.count)
      for (one, next) in zip(tries, tries.dropFirst()) { #expect(one.contains("[") != next.contains("["), "\(tries)") }
    }
  }

  @Test(
    "A zone is any name that Linux allows for an interface; control characters are made visible",
    arguments: Engine.allCases, [("a+b", "a+b"), ("é]", "é]"), ("a\u{1B}[2J", #"a\^[[2J"#)])
  func zones(engine: Engine, name: (given: String, shown: String)) async throws {
    let rename = "ip link set lo down && ip link set lo name '\(name.given)' && ip link set '\(name.given)' up"
    // Linux adds the route of an address a moment later.
    let wait = "until ip -6 route show table local | grep -q fe80::1; do sleep 0.01; done"
    let script = rename + " && ip address add fe80::1/64 dev '\(name.given)' nodad && \(wait)"
    guard try await isAllowedInNetwork(script) else { return }
    let client = try await Command.client(engine, "tcp:[fe80::1%\(name.given)]:40000").inNetwork(after: script).run()
    let error = "Error : Connect Failed: tcp:[fe80::1%\(name.shown)]:40000: Connection refused\n"
    #expect(client == Outcome(.exited(1), error: error))
  }
}

/// Whether this machine allows a new network namespace, and the shell command in it. A container may not; the test then warns.
private func isAllowedInNetwork(_ line: String) async throws -> Bool {
  let probe = try await Command(path: "true", [String]()).inNetwork(after: line).run()
  if probe.status != .exited(0) {
    Issue.record("skipped a test in a network namespace: \(line): \(probe.error)", severity: .warning)
  }
  return probe.status == .exited(0)
}

extension Command {
  /// Runs in a new network namespace with a loopback interface, after a shell command that needs root there.
  fileprivate func inNetwork(after line: String) -> Command {
    let shell = inShell("ip link set lo up && \(line) && exec \"$0\" \"$@\"")
    var copy = Command(
      path: "unshare",
      ["--user", "--map-root-user", "--net", "--mount", shell.path].map { Array($0.utf8) } + shell.arguments)
    (copy.input, copy.output) = (input, output)
    return copy
  }
}
