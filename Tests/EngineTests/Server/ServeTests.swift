internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ServeTests {
    @Test(arguments: Which.allCases, Transport.allCases)
    func oneClientIsServed(_ which: Which, _ transport: Transport) throws {
      let place = try transport.place()
      let served = try serve(which, .greeting(Array("hello")), at: place.endpoint) { server in
        let heard = try Peer.listen(to: server.endpoint)
        #expect(heard == Array("hello"))
      }
      #expect(served.failure == nil)
      #expect(served.events.map { $0.step } == [.accept, .send, .close])
    }

    /// Closing with input unread would be a reset, and could cost the client what was sent to it last.
    @Test(arguments: Which.allCases, Transport.allCases)
    func unreadInputCostsTheClientNothing(_ which: Which, _ transport: Transport) throws {
      let greeting = (0..<Limit.greeting).map { UInt8(truncatingIfNeeded: $0 / 3) }
      let place = try transport.place()
      let served = try serve(
        which, .greeting(greeting), at: place.endpoint, early: [UInt8](repeating: 1, count: 50_000)
      ) { server in
        let (bytes, error) = server.early!.receiveToFailure()
        expectBytes(bytes, greeting)
        #expect(error == nil)
        try server.early!.halfClose()
      }
      #expect(served.failure == nil)
    }

    /// The same, where the input comes when the server has sent all and gone, but the client has not received all: a kernel
    /// that has nobody to give the input to resets the connection, and what still waits to be sent is lost.
    @Test(arguments: Which.allCases)
    func lateInputCostsTheClientNothing(_ which: Which) throws {
      let greeting = (0..<Limit.greeting).map { UInt8(truncatingIfNeeded: $0 / 3) }
      let served = try serve(which, .greeting(greeting), early: []) { server in
        // Unread, it is more than the kernel sends; whether the server waits for that is its own affair.
        _ = try server.hasEnded(within: 500)
        try server.early!.send([UInt8](repeating: 1, count: 50_000))
        let (bytes, error) = server.early!.receiveToFailure()
        expectBytes(bytes, greeting)
        #expect(error == nil)
        try server.early!.halfClose()
      }
      #expect(served.failure == nil)
    }

    /// A client that goes on sending after the server's end is not reset either, for a while.
    @Test(arguments: Which.allCases)
    func aTCPClientMaySendOn(_ which: Which) throws {
      let served = try serve(which, .greeting(Array("bye")), early: Array("unread")) { server in
        let heard = try server.early!.receiveToEnd()
        #expect(heard == Array("bye"))
        for _ in 1...10 { try server.early!.send([UInt8](repeating: 1, count: 10_000)) }
        try server.early!.halfClose()
        #expect(server.early!.receiveToFailure().error == nil)
      }
      #expect(served.failure == nil)
    }

    @Test(arguments: Which.allCases, [Transport.unix, .abstract])
    func aUnixClientThatSendsOnIsNotReset(_ which: Which, _ transport: Transport) throws {
      let place = try transport.place()
      let served = try serve(which, .greeting(Array("bye")), at: place.endpoint, early: Array("unread")) { server in
        let heard = try server.early!.receiveToEnd()
        #expect(heard == Array("bye"))
        #expect(throws: Errno.brokenPipe) { try server.early!.send("more") }
        #expect(server.early!.receiveToFailure().error == nil)
      }
      #expect(served.failure == nil)
    }

    /// Lingering ends by itself, even if the client never does.
    @Test(arguments: Which.allCases)
    func aClientThatNeverEndsDoesNotHoldTheServer(_ which: Which) throws {
      let start = ContinuousClock.now
      let served = try serve(which, .greeting(Array("bye")), early: Array("unread")) { server in
        let heard = try server.early!.receiveToEnd()
        #expect(heard == Array("bye"))
        let ended = try server.hasEnded(within: CInt(patience * 1000))
        #expect(ended)
      }
      #expect(served.failure == nil)
      #expect(ContinuousClock.now - start >= Limit.linger - .milliseconds(50))
    }

    @Test(arguments: Which.allCases)
    func echoSendsBackUntilTheEnd(_ which: Which) throws {
      let served = try serve(which, .echo) { server in
        let peer = try Peer(to: server.endpoint)
        for text in ["one", "two\0three", "\u{FF}\n"] {
          try peer.send(text)
          #expect(try peer.receive(text.utf8.count) == Array(text))
        }
        try peer.halfClose()
        #expect(try peer.receiveToEnd() == [])
      }
      #expect(served.failure == nil)
    }

    /// Echo stops reading while its client does not read, and goes on when it does.
    @Test(arguments: Which.allCases, [Transport.ipv4, .unix])
    func echoWaitsForASlowReader(_ which: Which, _ transport: Transport) throws {
      let place = try transport.place()
      let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 5) }
      let served = try serve(which, .echo, at: place.endpoint) { server in
        let endpoint = server.endpoint
        let peer = try Peer(to: endpoint)
        let number = peer.socket.number
        let worker = try Worker {
          var rest = bytes[...]
          while !rest.isEmpty { rest = rest.dropFirst(try Kernel.send(number, rest)) }
          return try Kernel.halfClose(number)
        }
        expectBytes(try peer.receiveToEnd(), bytes)
        try worker.value()
      }
      #expect(served.failure == nil)
    }

    @Test(arguments: Which.allCases)
    func discardTakesAll(_ which: Which) throws {
      let served = try serve(which, .discard) { server in
        let peer = try Peer(to: server.endpoint)
        for _ in 1...20 { try peer.send([UInt8](repeating: 7, count: 100_000)) }
        try peer.halfClose()
        #expect(try peer.receiveToEnd() == [])
      }
      #expect(served.failure == nil)
      #expect(served.events.reduce(0) { $0 + ($1.step == .receive ? $1.count : 0) } == 2_000_000)
    }

    /// RFC 864: until the client goes, however it goes.
    @Test(arguments: Which.allCases, [Transport.ipv4, .unix])
    func chargenGoesOnUntilTheClientGoes(_ which: Which, _ transport: Transport) throws {
      let place = try transport.place()
      let served = try serve(which, .chargen, at: place.endpoint) { server in
        let peer = try Peer(to: server.endpoint)
        let bytes = try peer.receive(1_000_000)
        #expect(bytes.count == 1_000_000)
        #expect(bytes.prefix(74) == bytes[(95 * 74)...].prefix(74))
        try peer.send("whatever")
      }
      #expect(served.failure == nil)
      #expect(served.events.last?.step == .close)
      #expect(served.events.last?.failure == nil)
    }

    @Test(arguments: Which.allCases, Transport.allCases)
    func clientsAreServedOneAfterTheOther(_ which: Which, _ transport: Transport) throws {
      let place = try transport.place()
      let served = try serve(which, .greeting(Array("hi")), at: place.endpoint, keepOpen: true) { server in
        for _ in 1...5 {
          let heard = try Peer.listen(to: server.endpoint)
          #expect(heard == Array("hi"))
        }
        server.stop()
      }
      #expect(served.failure == nil)
      #expect(served.events.filter { $0.step == .close }.count == 5)
    }

    @Test(arguments: [false, true])
    func aResetIsTheClientsFailure(_ keepOpen: Bool) throws {
      let served = try same { which in
        try serve(which, .echo, keepOpen: keepOpen) { server in
          let peer = try Peer(to: server.endpoint)
          try peer.send("x")
          #expect(try peer.receive(1) == Array("x"))
          try peer.reset()
          if keepOpen {
            let extra = try Peer(to: server.endpoint)
            try extra.send("y")
            #expect(try extra.receive(1) == Array("y"))
            try extra.halfClose()
            #expect(try extra.receiveToEnd() == [])
            server.stop()
          }
        }
      }
      let client = Endpoint.tcp(host: "127.0.0.1", port: 1)
      let reset = Failure(.receive, .connectionReset, at: client)
      let close = Event(.close, on: 0, endpoint: client, failure: keepOpen ? reset : nil)
      #expect(served.failure == (keepOpen ? nil : reset))
      #expect(served.events.prefix(5).map { $0.step } == [.accept, .receive, .send, .receive, .close])
      #expect(served.events[3].failure == reset)
      #expect(served.events[4] == close)
    }

    /// What prints is the server's own: when that fails, serving ends, to stay open or not.
    @Test(arguments: [false, true])
    func aFailedOutputEndsServing(_ keepOpen: Bool) throws {
      let served = try same { which in
        try serve(which, .message, keepOpen: keepOpen, output: try Kernel.open("/dev/full", O_WRONLY)) { server in
          let peer = try Peer(to: server.endpoint)
          try peer.send("hello\n")
          _ = peer.receiveToFailure()
        }
      }
      #expect(served.failure == Failure(.output, .noSpace))
      #expect(served.events.map { $0.step } == [.accept, .receive, .output, .close])
      #expect(served.events[2] == Event(.output, on: Role.output, failure: Failure(.output, .noSpace)))
      #expect(served.events[3].failure == nil)
    }
  }
}
