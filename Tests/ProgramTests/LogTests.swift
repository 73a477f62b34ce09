import Testing

/// Records, of which a peer chooses a part: none of it ends a value or a line, or reaches a terminal.
@Suite(.fewAtATime, .repeatable())
struct LogTests {
  /// What follows the name of the folder in a peer's name, and how JSON has it where that differs.
  static let names: [(name: String, quoted: String)] = [
    ("plain", "plain"), ("\u{E9}\u{1F600}", "\u{E9}\u{1F600}"),
    ("\u{1B}[31m\nfake", #"\u001b[31m\u000afake"#), ("\r", #"\u000d"#), ("\t", #"\u0009"#), ("\0", #"\u0000"#),
    ("\u{7F}", #"\u007f"#), ("\u{85}", #"\u0085"#), ("\u{9B}31m", #"\u009b31m"#),
    ("\u{2028}", #"\u2028"#), ("\u{2029}", #"\u2029"#), ("\u{202E}", #"\u202e"#), ("\u{E0041}", #"\udb40\udc41"#),
    (#"\u001b"#, #"\\u001b"#), ("\"", #"\""#), ("a sent=1", "a sent=1"), ("a=b", "a=b"), ("a\u{A0}b", "a\u{A0}b"),
    // With an accent, what is a separator to a reader of bytes is another character to Swift.
    ("a \u{301}sent=\u{301}1", "a \u{301}sent=\u{301}1"), ("\"\u{301}", "\\\"\u{301}"),
  ]

  /// How a record of text has it: as it is, or quoted.
  static let bare: Set<String> = ["plain", "\u{E9}\u{1F600}"]

  @Test("A peer's name in its record", arguments: Engine.allCases, ["text", "json"])
  func peers(engine: Engine, format: String) async throws {
    try await withFolder { folder in
      let own = "unix:@\(folder.name)-"
      let command = Command.server(
        engine, "-k", "--log", format, "--log-level", "debug", "--service", "echo", Place.abstract.endpoint(in: folder))
      let server = try await command.serveAndStop { server in
        for (index, name) in Self.names.enumerated() {
          let answer = try await blocking {
            let client = try Socket(connectedTo: server.endpoint, from: own + name.name)
            try client.finish()
            return try client.receive()
          }
          #expect(answer == "")
          // One after the other, so that the records are in order.
          #expect(await server.process.error.wait { said in said.count { $0 == UInt8(ascii: "\n") } >= index + 2 })
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

  @Test("The server's own address in its record", arguments: Engine.allCases)
  func server(engine: Engine) async throws {
    try await withFolder { folder in
      let name = "unix:@\(folder.name)"
      let command = Command.server(engine, "-k", "--log", "text", "\(name)\u{1B}[31m\nfake")
      let server = try await command.serveAndStop { _ in }.outcome
      let records = server.error.replacing(/[-:.\dT]+Z info/) { _ in "info" }
      let address = #"endpoint="\#(name)\u001b[31m\u000afake""#
      #expect(records == "info listening \(address)\ninfo stopping \(address)\n")
    }
  }
}
