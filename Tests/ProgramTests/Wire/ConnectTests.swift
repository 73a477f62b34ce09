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

  @Test(
    "A zone is any name that Linux allows for an interface; control characters are made visible",
    arguments: Engine.allCases, [("a+b", "a+b"), ("é]", "é]"), ("a\u{1B}[2J", #"a\^[[2J"#)])
  func zones(engine: Engine, name: (given: String, shown: String)) async throws {
    let rename = "ip link set lo down && ip link set lo name '\(name.given)' && ip link set '\(name.given)' up"
    let script = rename + " && ip address add fe80::1/64 dev '\(name.given)' nodad"
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
      path: "unshare", ["--user", "--map-root-user", "--net", shell.path].map { Array($0.utf8) } + shell.arguments)
    (copy.input, copy.output) = (input, output)
    return copy
  }
}
