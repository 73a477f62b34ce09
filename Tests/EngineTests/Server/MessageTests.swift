// The message service, as a client and as whoever reads its output see it.
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct MessageTests {
    private static let answer = Array("I got your message")

    /// What the server prints of segments that come one after the other, and whether it tells of a cut.
    private static func say(_ segments: [[UInt8]], thenEnd: Bool) throws -> (printed: [UInt8], cut: Bool) {
      let served = try same { which in
        var served = try serve(which, .message) { server in
          let peer = try Peer(to: server.endpoint)
          for segment in segments { try peer.send(segment) }
          if thenEnd { try peer.halfClose() }
          #expect(try peer.receiveToEnd() == answer)
        }
        // How the network cut the bytes is not the same twice.
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

    @Test func aLineEndsAMessage() throws {
      let (printed, cut) = try Self.say([Array("hello\nnot this")], thenEnd: false)
      #expect(printed == Self.printed("hello\n"))
      #expect(!cut)
    }

    @Test func theEndEndsAMessage() throws {
      let (printed, cut) = try Self.say([Array("hello")], thenEnd: true)
      #expect(printed == Self.printed("hello"))
      #expect(!cut)
      #expect(try Self.say([], thenEnd: true).printed == Self.printed(""))
    }

    @Test func segmentsAreOneMessage() throws {
      let (printed, cut) = try Self.say(Array("split in many pieces\n").map { [$0] }, thenEnd: false)
      #expect(printed == Self.printed("split in many pieces\n"))
      #expect(!cut)
    }

    @Test func aLineMayBeFull() throws {
      let line = String(repeating: "x", count: Limit.line - 1)
      let (printed, cut) = try Self.say([Array(line + "\n")], thenEnd: false)
      #expect(printed == Self.printed(line + "\n"))
      #expect(!cut)
    }

    /// The buffer of the originals is full: whether there is more, nobody knows.
    @Test(arguments: [0, 1, 1000])
    func withoutALineAMessageIsCut(_ more: Int) throws {
      let line = String(repeating: "x", count: Limit.line)
      let (printed, cut) = try Self.say([Array(line), [UInt8](repeating: 0x79, count: more)], thenEnd: false)
      #expect(printed == Self.printed(line))
      #expect(cut)
    }

    @Test func controlsAreShownNotSent() throws {
      let (printed, cut) = try Self.say([Array("a\0b\u{1B}[31m\\ é \u{7F}\t"), [0xFF, 0x0A]], thenEnd: false)
      #expect(printed == Self.printed(#"a\000b\^[[31m\134 é \^?"# + "\t" + #"\M^?"# + "\n"))
      #expect(!cut)
    }

    @Test func aClientThatSaysNothingIsToldInFull() throws {
      let served = try same { which in
        try serve(which, .message, keepOpen: true) { server in
          for _ in 1...2 {
            let peer = try Peer(to: server.endpoint)
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
