// Many clients at once, stops and times.
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct LoopTests {
    @Test(arguments: Which.allCases, Transport.allCases)
    func aSlowClientDelaysNobody(_ which: Which, _ transport: Transport) throws {
      let place = try transport.place()
      let served = try serve(which, .message, at: place.endpoint, keepOpen: true) { server in
        let slow = try Peer(to: server.endpoint)
        try slow.send("half a ")
        for _ in 1...5 {
          let quick = try Peer(to: server.endpoint)
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

    @Test(arguments: Which.allCases, Transport.allCases)
    func aStopLetsClientsEnd(_ which: Which, _ transport: Transport) throws {
      let place = try transport.place()
      let how = ServeOptions(keepOpen: true, drain: .seconds(20))
      let served = try serve(which, .echo, at: place.endpoint, how: how) { server in
        let peer = try Peer(to: server.endpoint)
        try peer.send("before")
        #expect(try peer.receive(6) == Array("before"))
        server.stop()
        #expect(try !server.hasEnded(within: 100))
        #expect(throws: Errno.connectionRefused) { _ = try Peer(to: server.endpoint) }
        try peer.send("after")
        try peer.halfClose()
        #expect(try peer.receiveToEnd() == Array("after"))
        #expect(try server.hasEnded(within: 2_000))
      }
      #expect(served.failure == nil)
    }

    @Test(arguments: Which.allCases)
    func anIdleClientIsClosed(_ which: Which) throws {
      let how = ServeOptions(keepOpen: true, limits: ClientLimits(idle: .milliseconds(150)))
      let served = try serve(which, .echo, how: how) { server in
        let peer = try Peer(to: server.endpoint)
        try peer.send("x")
        #expect(try peer.receive(1) == Array("x"))
        #expect(peer.receiveToFailure().bytes == [])
        server.stop()
      }
      #expect(served.failure == nil)
      let closed = try #require(served.events.first { $0.step == .close })
      #expect(closed.failure?.step == .receive)
      #expect(closed.failure?.cause == .system(.timedOut))
    }
  }
}
