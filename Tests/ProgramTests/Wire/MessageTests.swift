import Testing

/// A message as a client sends it, and as the server prints it.
struct Message: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let sent: Bytes
  /// What the server prints between `Here is the message: ` and the newline.
  let shown: Bytes
  var isCut = false

  init(_ what: String, _ sent: Bytes, shown: Bytes? = nil, isCut: Bool = false) {
    (testDescription, self.sent, self.shown, self.isCut) = (what, sent, shown ?? sent, isCut)
  }
}

@Suite(.limitedConcurrency, .repeatable())
struct MessageTests {
  private static func letters(_ count: Int) -> Bytes { Bytes((0..<count).map { UInt8(ascii: "a") + UInt8($0 % 26) }) }

  static let messages = [
    Message("a line", "hello\n"),
    Message("no newline", "hello"),
    Message("no bytes", ""),
    Message("an empty line", "\n"),
    Message("two lines", "one\ntwo\n", shown: "one\n"),
    Message("254 bytes", letters(254)),
    Message("254 bytes and a newline", letters(254) + "\n"),
    Message("255 bytes", letters(255), isCut: true),
    Message("255 bytes and a newline", letters(255) + "\n", shown: letters(255), isCut: true),
    Message("256 bytes", letters(256), shown: letters(255), isCut: true),
    Message("1000 bytes", letters(1_000) + "\n", shown: letters(255), isCut: true),
    Message(
      "255 escapes", Bytes([UInt8](repeating: 27, count: 255)),
      shown: Bytes(String(repeating: "\\^[", count: 255).utf8), isCut: true),
    Message("a NUL", "before\0after\n", shown: "before\\000after\n"),
    Message("controls", "\u{1B}[31mred\u{7}\r\u{7F}\u{1}\n", shown: "\\^[[31mred\\^G\\^M\\^?\\^A\n"),
    Message("a tab and a backslash", "a\tb\\c\n", shown: "a\tb\\134c\n"),
    Message("UTF-8", "é€😀\u{10FFFF}\n"),
    Message("a C1 control in UTF-8", "\u{85}\n", shown: "\\M-B\\M^E\n"),
    Message("bytes that are not UTF-8", Bytes([0xFF, 0xE9, 0x80, 0xC3, 10]), shown: "\\M^?\\M-i\\M^@\\M-C\n"),
    Message("a changed direction", "a\u{202E}b\u{2066}c\n", shown: "a\\M-b\\M^@\\M-.b\\M-b\\M^A\\M-&c\n"),
    Message(
      "an overlong slash and a surrogate", Bytes([0xC0, 0xAF, 0xED, 0xA0, 0x80, 10]),
      shown: "\\M-@\\M-/\\M-m\\240\\M^@\n"),
  ]

  private func expected(_ message: Message) -> Outcome {
    let warning = "Warning : tcp:127.0.0.1:PORT: message cut: no newline within 255 bytes\n"
    return Outcome(
      .exited(0), output: "Here is the message: " + message.shown + "\n",
      error: "listening tcp:127.0.0.1:PORT\n" + (message.isCut ? warning : ""))
  }

  @Test("The server prints the message, with control characters made visible", arguments: messages)
  func message(message: Message) async throws {
    for pairing in Pairing.all {
      let (client, server) = try await Command.server(pairing.server, "--service", "message", "0").serve { server in
        try await Command.client(pairing.client, server.endpoint).run(input: message.sent)
      }
      #expect(client == Outcome(.exited(0), output: "I got your message"), "the client of \(pairing)")
      #expect(server.masked == expected(message), "the server of \(pairing)")
    }
  }

  @Test("A message in pieces is the same message", arguments: Engine.allCases, [1, 3, 100])
  func pieces(engine: Engine, size: Int) async throws {
    let message = Message("", "hello, world: a line that comes in pieces\n")
    let command = Command.server(engine, "--verbose", "--service", "message", "0")
    let (answer, server) = try await command.serve { server in
      let client = try await blocking { try RawSocket(connectedTo: server.endpoint) }
      for start in stride(from: 0, to: message.sent.count, by: size) {
        let end = min(start + size, message.sent.count)
        try await blocking { try client.send(Bytes(message.sent.array[start..<end])) }
        // Each piece is received by itself before the next one is sent.
        let receives = start / size + 1
        let received = await server.process.error.wait { bytes in
          String(decoding: bytes, as: UTF8.self).split(separator: "\n").count { $0.hasPrefix("receive: ") } == receives
        }
        #expect(received, "piece \(receives)")
      }
      return try await blocking { try client.receive() }
    }
    #expect(answer == "I got your message")
    #expect(server.output == expected(message).output)
    let sizes = server.error.matches(of: /receive: .*, (\d+) bytes?\n/).compactMap { Int($0.1) }
    #expect(sizes.allSatisfy { $0 <= size } && sizes.reduce(0, +) == message.sent.count)
  }
}
