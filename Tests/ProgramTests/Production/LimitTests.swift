import SystemPackage
import Testing

/// What a server does at its limits, and what it logs; both engines log the same.
@Suite(.limitedConcurrency, .repeatable())
struct LimitTests {
  private static let peer = #""peer":"tcp:127.0.0.1:PORT""#
  private static let subject = #""subject":"tcp:127.0.0.1:PORT""#
  private static let listening = #"{"level":"info","message":"listening","endpoint":"tcp:127.0.0.1:PORT"}"#
  private static let stopping = #"{"level":"info","message":"stopping","endpoint":"tcp:127.0.0.1:PORT"}"#

  private static func client(_ end: String, _ received: Int, _ sent: Int) -> String {
    #"{"level":"debug","message":"client","end":"\#(end)",\#(peer),"received":\#(received),"sent":\#(sent)}"#
  }

  private static func error(_ sentence: String, _ reason: String) -> String {
    #"{"level":"error","message":"\#(sentence)","reason":"\#(reason)",\#(subject)}"#
  }

  @Test("A client beyond --max-clients-per-address is reset at once, and can connect later")
  func maxClientsPerAddress() async throws {
    try await expectLog(
      of: ["--max-clients-per-address", "1"],
      [
        Self.error("Could not accept", "Too many users"), Self.client("end", 3, 3), Self.client("end", 5, 5),
      ]
    ) { server in
      let first = try RawSocket(connectedTo: server.endpoint)
      try first.send("one")
      #expect(try first.receive(3) == "one")
      #expect(throws: Errno.connectionReset) { try RawSocket(connectedTo: server.endpoint).receive() }
      try first.halfClose()
      #expect(try first.receive() == "")
      let third = try RawSocket(connectedTo: server.endpoint)
      try third.send("three")
      try third.halfClose()
      #expect(try third.receive() == "three")
    }
  }

  /// In a network of its own: its loopback interface has addresses of two networks.
  @Test("--max-clients-per-address counts the addresses of an IPv6 /64 as one")
  func sameNetwork() async throws {
    let script = """
      ip link set lo up && for i in 0:0:0::1 0:0:0::2 0:0:1::2; do ip -6 addr add fd00:$i/64 dev lo nodad; done || exit 77
      cd "$(mktemp -d)" && mkfifo input && exec 4<>input
      "$0" -k --quiet --service echo --max-clients-per-address 1 tcp:[fd00::1]:7007 2>errors & server=$!
      tries=0
      until grep -q :1B5F /proc/net/tcp6 || [ $tries = 500 ]; do tries=$((tries + 1)); sleep 0.01; done
      nc -s fd00::1 fd00::1 7007 <input >first & first=$!
      echo first >&4
      until [ -s first ] || [ $tries = 1000 ]; do tries=$((tries + 1)); sleep 0.01; done
      cat first
      echo second | nc -N -s fd00::2 fd00::1 7007
      echo third | nc -N -s fd00:0:0:1::2 fd00::1 7007
      kill $first $server; wait; grep -c 'Too many users' errors; rm -r "$PWD"
      """
    for engine in Engine.allCases {
      let server = Command.server(engine)
      let arguments = ["--user", "--map-root-user", "--net", "sh", "-c", script, server.path]
      let outcome = try await Command(path: "unshare", arguments).run()
      guard outcome.status == .exited(0) else {
        Issue.record("no namespace with these addresses: \(outcome.error)", severity: .warning)
        return
      }
      #expect(outcome.output == "first\nthird\n1\n", "\(engine)-server: \(outcome.error)")
    }
  }

  @Test("--idle-timeout resets an idle client, but not a busy one")
  func idleTimeout() async throws {
    try await expectLog(
      of: ["--idle-timeout", "1.5"],
      [
        Self.error("Idle timeout reached", "--idle-timeout exceeded"), Self.client("--idle-timeout exceeded", 4, 4),
        Self.client("end", 9, 9),
      ]
    ) { server in
      let (idle, lively) = (try RawSocket(connectedTo: server.endpoint), try RawSocket(connectedTo: server.endpoint))
      try idle.send("idle")
      #expect(try idle.receive(4) == "idle")
      for byte in "very busy".utf8 {
        try lively.send(Bytes([byte]))
        #expect(try lively.receive(1) == Bytes([byte]))
        #expect(server.process.awaitEnd(within: 200) == false)
      }
      try lively.halfClose()
      #expect(try lively.receive() == "")
      #expect(throws: Errno.connectionReset) { try idle.receive() }
    }
  }

  @Test("--max-time resets a client after its time, even if it is busy")
  func maxTime() async throws {
    try await expectLog(
      of: ["--max-time", "1.5", "--idle-timeout", "60"],
      [Self.error("Time limit reached", "--max-time exceeded"), Self.client("--max-time exceeded", 2, 2)]
    ) { server in
      let client = try RawSocket(connectedTo: server.endpoint)
      try client.send("x")
      #expect(try client.receive(1) == "x")
      #expect(server.process.awaitEnd(within: 300) == false)
      try client.send("y")
      #expect(try client.receive(1) == "y")
      #expect(throws: Errno.connectionReset) { try client.receive() }
    }
  }

  @Test("--max-bytes resets a client that has transferred too much")
  func maxBytes() async throws {
    try await expectLog(
      of: ["--max-bytes", "10"],
      [
        Self.client("end", 5, 5), Self.error("Byte limit reached", "--max-bytes exceeded"),
        Self.client("--max-bytes exceeded", 5, 5),
      ]
    ) { server in
      let small = try RawSocket(connectedTo: server.endpoint)
      try small.send("12345")
      try small.halfClose()
      #expect(try small.receive() == "12345")
      let large = try RawSocket(connectedTo: server.endpoint)
      try large.send("1234567890")
      #expect(try large.receive(5) == "12345", "each byte of an echo counts twice")
      #expect(throws: Errno.connectionReset) { try large.receive() }
    }
  }

  @Test("After a stop the server completes its connections, and accepts no new ones")
  func drain() async throws {
    let parts = (1...3).map { _ in Bytes.random(100_000) }
    try await expectLog(of: ["--drain", "30"], [Self.client("end", 300_000, 300_000)], stops: 1) { server in
      let client = try RawSocket(connectedTo: server.endpoint)
      try client.send(parts[0])
      #expect(try client.receive(1) == Bytes(parts[0].array.prefix(1)))
      server.stop()
      #expect(throws: Errno.connectionRefused) {
        // The server may still accept connections before it handles the signal; these close at once.
        for _ in 0..<10_000 where !server.process.awaitEnd(within: 1) {
          _ = try RawSocket(connectedTo: server.endpoint)
        }
      }
      #expect(try client.receive(99_999) == Bytes(parts[0].array.dropFirst()))
      for part in parts.dropFirst() {
        try client.send(part)
        #expect(try client.receive(part.count) == part)
      }
      try client.halfClose()
      #expect(try client.receive() == "")
    }
  }

  @Test("A second stop, or the end of --drain, closes the remaining clients", arguments: [1, 2])
  func drainEnds(stops: Int) async throws {
    let drain = stops == 1 ? "0.3" : "30"
    try await expectLog(of: ["--drain", drain], [Self.client("end", 1, 1)], stops: stops) { server in
      let client = try RawSocket(connectedTo: server.endpoint)
      try client.send("x")
      #expect(try client.receive(1) == "x")
      server.stop()
      if stops == 2 {
        // A second signal counts only after the server has handled the first one.
        for _ in 0..<10_000 where !server.process.error.text.contains("stopping") {
          _ = server.process.awaitEnd(within: 1)
        }
        server.stop()
      }
      #expect(try client.receive() == "")
    }
  }

  /// Runs the body with an echo server of each engine; expects these records in any order, and those of the start and the
  /// stops. Stops the server, unless the body does.
  private func expectLog(
    of options: [String], _ expected: [String], stops: Int = 0,
    _ body: @escaping @Sendable (ListeningServer) throws -> Void
  ) async throws {
    let all = (expected + [Self.listening] + [String](repeating: Self.stopping, count: max(1, stops))).sorted()
    for engine in Engine.allCases {
      var command = Command.server(engine, "-k", "--log", "json", "--log-level", "debug", "--service", "echo")
      command.arguments += (options + ["0"]).map { Array($0.utf8) }
      let server = try await command.serve { server in
        try await blocking { try body(server) }
        if stops > 0 { return }
        // A client sees the end of its connection before the server logs it.
        let isLogged = await server.process.error.wait { bytes in
          bytes.count { $0 == UInt8(ascii: "\n") } == all.count - 1
        }
        #expect(isLogged, "\(server.process.error.text)")
        server.stop()
      }.outcome
      #expect(server.status == .exited(0), "\(engine)-server")
      // Those that connect while the server stops are accepted or refused.
      let records = server.error.records.filter { $0 != Self.client("end", 0, 0) && !$0.contains(#""refused":"#) }
      #expect(records == all, "\(engine)-server")
    }
  }
}
