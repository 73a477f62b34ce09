// Many clients at once, stops and timeouts.
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct LoopTests {
    @Test("A slow client does not delay the others", arguments: EngineName.allCases, Transport.allCases)
    func slowClient(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let served = try serve(which, .message, at: target.endpoint, keepOpen: true) { server in
        let slow = try RawPeer(to: server.endpoint)
        try slow.send("half a ")
        for _ in 1...5 {
          let quick = try RawPeer(to: server.endpoint)
          try quick.send("quick\n")
          #expect(try quick.receiveToEnd() == Array("I got your message"))
        }
        try slow.send("line\n")
        #expect(try slow.receiveToEnd() == Array("I got your message"))
        server.stop()
      }
      let quick = String(repeating: "Here is the message: quick\n\n", count: 5)
      #expect(served.printed == Array((quick + "Here is the message: half a line\n\n").utf8))
      #expect(served.failure == nil)
    }

    @Test("After a stop the connected clients may finish", arguments: EngineName.allCases, Transport.allCases)
    func drain(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let options = ServeOptions(keepOpen: true, drain: .seconds(20))
      let served = try serve(which, .echo, at: target.endpoint, options: options) { server in
        let peer = try RawPeer(to: server.endpoint)
        try peer.send("before")
        #expect(try peer.receive(6) == Array("before"))
        server.stop()
        #expect(try !server.hasEnded(within: 100))
        let refused = transport == .unix ? Errno.noSuchFileOrDirectory : .connectionRefused
        #expect(throws: refused) { _ = try RawPeer(to: server.endpoint) }
        try peer.send("after")
        try peer.halfClose()
        #expect(try peer.receiveToEnd() == Array("after"))
        #expect(try server.hasEnded(within: 2_000))
      }
      #expect(served.failure == nil)
    }

    @Test("An idle client is closed", arguments: EngineName.allCases)
    func idleClient(_ which: EngineName) throws {
      let options = ServeOptions(keepOpen: true, limits: ClientLimits(idle: .milliseconds(150)))
      let served = try serve(which, .echo, options: options) { server in
        let peer = try RawPeer(to: server.endpoint)
        try peer.send("x")
        #expect(try peer.receive(1) == Array("x"))
        #expect(peer.receiveToFailure().bytes == [])
        server.stop()
      }
      #expect(served.failure == nil)
      let closed = try #require(served.events.first { $0.step == .close })
      #expect(closed.failure?.step == .wait)
      #expect(closed.failure?.cause == .system(.timedOut))
    }
  }
}
