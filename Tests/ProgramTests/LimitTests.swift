import SystemPackage
import Testing

/// What a server does at its limits, and what it logs of it: the same of both engines.
@Suite(.fewAtATime, .repeatable())
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

  @Test("A client of an address that has its share is closed at once, and may come again later")
  func perAddress() async throws {
    try await expectLog(
      of: ["--max-clients-per-address", "1"],
      [
        Self.error("Could not accept", "Too many users"), Self.client("end", 3, 3), Self.client("end", 5, 5),
      ]
    ) { server in
      let first = try Socket(connectedTo: server.endpoint)
      try first.send("one")
      #expect(try first.receive(3) == "one")
      #expect(try Socket(connectedTo: server.endpoint).receive() == "")
      try first.finish()
      #expect(try first.receive() == "")
      let third = try Socket(connectedTo: server.endpoint)
      try third.send("three")
      try third.finish()
      #expect(try third.receive() == "three")
    }
  }

  @Test("A client that moves no byte is closed, and one that goes on is not")
  func idle() async throws {
    try await expectLog(
      of: ["--idle-timeout", "1.5"],
      [
        Self.error("Read error", "Connection timed out"), Self.client("Connection timed out", 4, 4),
        Self.client("end", 9, 9),
      ]
    ) { server in
      let (idle, lively) = (try Socket(connectedTo: server.endpoint), try Socket(connectedTo: server.endpoint))
      try idle.send("idle")
      #expect(try idle.receive(4) == "idle")
      for byte in "very busy".utf8 {
        try lively.send(Bytes([byte]))
        #expect(try lively.receive(1) == Bytes([byte]))
        #expect(server.process.awaitEnd(within: 200) == false)
      }
      try lively.finish()
      #expect(try lively.receive() == "")
      #expect(try idle.receive() == "")
    }
  }

  @Test("A client that has moved too much is closed")
  func bytes() async throws {
    try await expectLog(
      of: ["--max-bytes", "10"],
      [
        Self.client("end", 5, 5), Self.error("Read error", "File too large"), Self.client("File too large", 10, 10),
      ]
    ) { server in
      let small = try Socket(connectedTo: server.endpoint)
      try small.send("12345")
      try small.finish()
      #expect(try small.receive() == "12345")
      let large = try Socket(connectedTo: server.endpoint)
      try large.send("1234567890")
      #expect(try large.receive() == "1234567890")
    }
  }

  @Test("A stop cuts nothing that is half sent, and takes nobody new")
  func drain() async throws {
    let parts = (1...3).map { _ in Bytes.random(100_000) }
    try await expectLog(of: ["--drain", "30"], [Self.client("end", 300_000, 300_000)], stops: 1) { server in
      let client = try Socket(connectedTo: server.endpoint)
      try client.send(parts[0])
      #expect(try client.receive(1) == Bytes(parts[0].array.prefix(1)))
      server.stop()
      #expect(throws: Errno.connectionRefused) {
        // One that comes before the stop is heard is taken; it leaves at once.
        for _ in 0..<10_000 where !server.process.awaitEnd(within: 1) { _ = try Socket(connectedTo: server.endpoint) }
      }
      #expect(try client.receive(99_999) == Bytes(parts[0].array.dropFirst()))
      for part in parts.dropFirst() {
        try client.send(part)
        #expect(try client.receive(part.count) == part)
      }
      try client.finish()
      #expect(try client.receive() == "")
    }
  }

  @Test("A second stop, or the end of the time, ends the clients that are left", arguments: [1, 2])
  func drainEnds(stops: Int) async throws {
    let drain = stops == 1 ? "0.3" : "30"
    try await expectLog(of: ["--drain", drain], [Self.client("end", 1, 1)], stops: stops) { server in
      let client = try Socket(connectedTo: server.endpoint)
      try client.send("x")
      #expect(try client.receive(1) == "x")
      server.stop()
      if stops == 2 {
        // Until it is heard, a second signal is the same one.
        for _ in 0..<10_000 where !server.process.error.text.contains("stopping") {
          _ = server.process.awaitEnd(within: 1)
        }
        server.stop()
      }
      #expect(try client.receive() == "")
    }
  }

  /// Runs the body at an echo server of each engine; expects these records, in any order, and those of the start and the
  /// stops. The server is stopped here, unless the body does.
  private func expectLog(
    of options: [String], _ expected: [String], stops: Int = 0, _ body: @escaping @Sendable (Server) throws -> Void
  ) async throws {
    let all = (expected + [Self.listening] + [String](repeating: Self.stopping, count: max(1, stops))).sorted()
    for engine in Engine.allCases {
      var command = Command.server(engine, "-k", "--log", "json", "--log-level", "debug", "--service", "echo")
      command.arguments += (options + ["0"]).map { Array($0.utf8) }
      let server = try await command.serve { server in
        try await blocking { try body(server) }
        if stops > 0 { return }
        // A client sees its end before that is told.
        let isTold = await server.process.error.wait { said in
          said.count { $0 == UInt8(ascii: "\n") } == all.count - 1
        }
        #expect(isTold)
        server.stop()
      }.outcome
      #expect(server.status == .exited(0), "\(engine)-server")
      #expect(server.error.records.filter { $0 != Self.client("end", 0, 0) } == all, "\(engine)-server")
    }
  }
}
