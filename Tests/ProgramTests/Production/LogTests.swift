import SystemPackage
import Testing

/// A peer can choose a part of a record: that part must not end the value or the line, or send controls to a terminal.
@Suite(.limitedConcurrency, .repeatable())
struct LogTests {
  /// The end of a peer's name, and its form in JSON.
  static let names: [(name: String, quoted: String)] = [
    ("plain", "plain"), ("\u{E9}\u{1F600}", "\u{E9}\u{1F600}"),
    ("\u{1B}[31m\nfake", #"\u001b[31m\u000afake"#), ("\r", #"\u000d"#), ("\t", #"\u0009"#), ("\0", #"\u0000"#),
    ("\u{7F}", #"\u007f"#), ("\u{85}", #"\u0085"#), ("\u{9B}31m", #"\u009b31m"#),
    ("\u{2028}", #"\u2028"#), ("\u{2029}", #"\u2029"#), ("\u{202E}", #"\u202e"#), ("\u{E0041}", #"\udb40\udc41"#),
    (#"\u001b"#, #"\\u001b"#), ("\"", #"\""#), ("a sent=1", "a sent=1"), ("a=b", "a=b"), ("a\u{A0}b", "a\u{A0}b"),
    // With a combining accent, a separator is another Character to Swift, but the same byte to a reader of the log.
    ("a \u{301}sent=\u{301}1", "a \u{301}sent=\u{301}1"), ("\"\u{301}", "\\\"\u{301}"),
  ]

  /// The names that a text record does not quote.
  static let bare: Set<String> = ["plain", "\u{E9}\u{1F600}"]

  @Test("A record quotes the special characters in a peer's name", arguments: Engine.allCases, ["text", "json"])
  func peerNames(engine: Engine, format: String) async throws {
    try await withTemporaryFolder { folder in
      let own = "unix:@\(folder.name)-"
      let command = Command.server(
        engine, "-k", "--log", format, "--log-level", "debug", "--service", "echo",
        SocketKind.abstract.endpoint(in: folder))
      let server = try await command.serveAndStop { server in
        for (index, name) in Self.names.enumerated() {
          let answer = try await blocking {
            let client = try RawSocket(connectedTo: server.endpoint, from: own + name.name)
            try client.halfClose()
            return try client.receive()
          }
          #expect(answer == "")
          // Waits for the record, so that the records are in order.
          #expect(await server.process.error.wait { bytes in bytes.count { $0 == UInt8(ascii: "\n") } >= index + 2 })
        }
      }.outcome
      #expect(server.status == .exited(0))
      let lines = server.error.unicodeScalars.split(separator: "\n").map { String($0) }
      #expect(lines.count == Self.names.count + 2, "listening, each client, stopping: \(lines)")
      for (line, name) in zip(lines.dropFirst(), Self.names) {
        let quoted = "\"\(own)\(name.quoted)\""
        let shown =
          format == "json"
          ? #","peer":\#(quoted),"received":0,"sent":0}"#
          : " peer=\(Self.bare.contains(name.name) ? own + name.name : quoted) received=0 sent=0"
        #expect(Array(line.utf8.suffix(shown.utf8.count)) == Array(shown.utf8), "\(line)")
      }
    }
  }

  @Test("A record quotes the special characters in the server's own address", arguments: Engine.allCases)
  func serverAddress(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let name = "unix:@\(folder.name)"
      let command = Command.server(engine, "-k", "--log", "text", "\(name)\u{1B}[31m\nfake")
      let server = try await command.serveAndStop { _ in }.outcome
      let records = server.error.replacing(/[-:.\dT]+Z info/) { _ in "info" }
      let address = #"endpoint="\#(name)\u001b[31m\u000afake""#
      #expect(records == "info listening \(address)\ninfo stopping \(address)\n")
    }
  }

  /// It happens all the time on the Internet, and clients must not be able to fill the log.
  @Test(
    "Clients that reset the connection are no errors, and only the first ones have a line each",
    arguments: Engine.allCases, ["plain", "text", "json"])
  func resets(engine: Engine, format: String) async throws {
    for count in [10, 25] {
      var command = Command.server(engine, "-k", "--service", "echo", "0")
      if format != "plain" { command.arguments += ["--log", format].map { Array($0.utf8) } }
      let server = try await command.serveAndStop { server in
        try await blocking {
          for _ in 0..<count {
            let client = try RawSocket(connectedTo: server.endpoint)
            try client.send("x")
            #expect(try client.receive(1) == "x")
            try client.reset()
          }
        }
      }.outcome
      #expect(server.status == .exited(0))
      let lines = server.error.masked.replacing(/"time":"[^"]*",|[-:.\dT]+Z\s/) { _ in "" }.split(separator: "\n")
        .filter { !$0.contains("listening") && !$0.contains("stopping") }.map(String.init)
      let (line, repeated) =
        switch format {
        case "plain":
          ("client tcp:127.0.0.1:PORT: reset the connection", "client reset the connection: repeated 15 times")
        case "text":
          ("info client reset the connection peer=tcp:127.0.0.1:PORT", "info client reset the connection repeated=15")
        default:
          (
            #"{"level":"info","message":"client reset the connection","peer":"tcp:127.0.0.1:PORT"}"#,
            #"{"level":"info","message":"client reset the connection","repeated":15}"#
          )
        }
      #expect(lines == [String](repeating: line, count: 10) + (count > 10 ? [repeated] : []))
    }
  }

  @Test("Different failures of clients are limited each on its own", arguments: Engine.allCases)
  func kinds(engine: Engine) async throws {
    let command = Command.server(engine, "-k", "--service", "echo", "--max-bytes", "1", "0")
    let server = try await command.serveAndStop { server in
      try await blocking {
        for _ in 0..<11 {
          let (large, rough) = (
            try RawSocket(connectedTo: server.endpoint), try RawSocket(connectedTo: server.endpoint)
          )
          try large.send("x")
          #expect(throws: Errno.connectionReset) { try large.receive() }
          try rough.reset()
        }
      }
    }.outcome
    #expect(server.status == .exited(0))
    let lines = server.error.masked.split(separator: "\n")
    #expect(lines.count { $0 == "Error : Byte limit reached: tcp:127.0.0.1:PORT: --max-bytes exceeded" } == 10)
    #expect(lines.count { $0 == "client tcp:127.0.0.1:PORT: reset the connection" } == 10)
    let counts = [
      "Error : Byte limit reached: --max-bytes exceeded: repeated 1 time",
      "client reset the connection: repeated 1 time",
    ]
    #expect(Set(lines.suffix(2).map(String.init)) == Set(counts) && lines.count == 23, "\(lines)")
  }
}
