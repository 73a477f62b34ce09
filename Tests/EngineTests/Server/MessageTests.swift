// The message service: its answer to the client, and what the server prints.
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct MessageTests {
    private static let answer = Array("I got your message")

    /// Sends the segments, and returns what the server prints and whether it reports that the message was cut.
    private static func send(_ segments: [[UInt8]], thenEnd: Bool) throws -> (printed: [UInt8], cut: Bool) {
      let served = try fromBoth { which in
        var served = try serve(which, .message) { server in
          let peer = try RawPeer(to: server.endpoint)
          for segment in segments { try peer.send(segment) }
          if thenEnd { try peer.halfClose() }
          #expect(try peer.receiveToEnd() == answer)
        }
        // The segments that the server receives depend on timing.
        served.events.removeAll { $0.step == .receive && $0.failure == nil }
        return served
      }
      #expect(served.failure == nil)
      let cuts = served.events.filter { $0.failure?.cause == .system(.messageTooLong) }
      #expect(cuts.allSatisfy { $0.step == .receive && $0.failure?.step == .receive })
      #expect(served.events.map { $0.step }.filter { $0 != .receive } == [.accept, .output, .send, .close])
      return (served.printed, !cuts.isEmpty)
    }

    private static func printed(_ shown: String) -> [UInt8] { Array("Here is the message: \(shown)\n") }

    @Test("A newline ends a message")
    func line() throws {
      let (printed, cut) = try Self.send([Array("hello\nnot this")], thenEnd: false)
      #expect(printed == Self.printed("hello\n"))
      #expect(!cut)
    }

    @Test("The end of the input ends a message")
    func end() throws {
      let (printed, cut) = try Self.send([Array("hello")], thenEnd: true)
      #expect(printed == Self.printed("hello"))
      #expect(!cut)
      #expect(try Self.send([], thenEnd: true).printed == Self.printed(""))
    }

    @Test("Segments are joined into one message")
    func segments() throws {
      let (printed, cut) = try Self.send(Array("split in many pieces\n").map { [$0] }, thenEnd: false)
      #expect(printed == Self.printed("split in many pieces\n"))
      #expect(!cut)
    }

    @Test("A line may have the maximum length")
    func fullLine() throws {
      let line = String(repeating: "x", count: Limit.line - 1)
      let (printed, cut) = try Self.send([Array(line + "\n")], thenEnd: false)
      #expect(printed == Self.printed(line + "\n"))
      #expect(!cut)
    }

    /// The server can't know whether more bytes follow.
    @Test("A message of the maximum length without a newline is cut, and this is reported", arguments: [0, 1, 1000])
    func cut(_ more: Int) throws {
      let line = String(repeating: "x", count: Limit.line)
      let (printed, cut) = try Self.send([Array(line), [UInt8](repeating: 0x79, count: more)], thenEnd: false)
      #expect(printed == Self.printed(line))
      #expect(cut)
    }

    @Test("Control characters are printed in a visible form")
    func controls() throws {
      let (printed, cut) = try Self.send([Array("a\0b\u{1B}[31m\\ é \u{7F}\t"), [0xFF, 0x0A]], thenEnd: false)
      #expect(printed == Self.printed(#"a\000b\^[[31m\134 é \^?"# + "\t" + #"\M^?"# + "\n"))
      #expect(!cut)
    }

    @Test("The steps of each client are reported completely")
    func events() throws {
      let served = try fromBoth { which in
        try serve(which, .message, keepOpen: true) { server in
          for _ in 1...2 {
            let peer = try RawPeer(to: server.endpoint)
            try peer.send("x\n")
            #expect(try peer.receiveToEnd() == Self.answer)
          }
          server.stop()
        }
      }
      #expect(served.printed == Self.printed("x\n") + Self.printed("x\n"))
      let client = Endpoint.tcp(host: "127.0.0.1", port: 1)
      let one = [
        Event(.accept, on: 0, endpoint: client), Event(.receive, on: 0, count: 2, endpoint: client),
        Event(.output, on: Role.output, count: Self.printed("x\n").count),
        Event(.send, on: 0, count: Self.answer.count, endpoint: client), Event(.close, on: 0, endpoint: client),
      ]
      #expect(served.events == one + one)
    }
  }
}
