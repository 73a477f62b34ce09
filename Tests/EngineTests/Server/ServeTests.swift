internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ServeTests {
    @Test("A single client is served", arguments: EngineName.allCases, Transport.allCases)
    func singleClient(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let served = try serve(which, .greeting(Array("hello")), at: target.endpoint) { server in
        let received = try RawPeer.receiveAll(from: server.endpoint)
        #expect(received == Array("hello"))
      }
      #expect(served.failure == nil)
      #expect(served.events.map { $0.step } == [.accept, .send, .close])
    }

    /// Closing with unread input would reset the connection and could discard the last bytes.
    @Test(
      "A client whose input was not read still receives everything", arguments: EngineName.allCases, Transport.allCases)
    func unreadInputCostsTheClientNothing(_ which: EngineName, _ transport: Transport) throws {
      let greeting = (0..<Limit.greeting).map { UInt8(truncatingIfNeeded: $0 / 3) }
      let target = try transport.makeEndpoint()
      let served = try serve(
        which, .greeting(greeting), at: target.endpoint, early: [UInt8](repeating: 1, count: 50_000)
      ) { server in
        let (bytes, error) = server.early!.receiveToFailure()
        expectBytes(bytes, greeting)
        #expect(error == nil)
        try server.early!.halfClose()
      }
      #expect(served.failure == nil)
    }

    /// If no process had the connection open any more, the kernel would answer the input with a reset and discard what it has
    /// not yet sent.
    @Test(
      "A client whose input arrives after the server has sent everything still receives everything",
      arguments: EngineName.allCases)
    func lateInput(_ which: EngineName) throws {
      let greeting = (0..<Limit.greeting).map { UInt8(truncatingIfNeeded: $0 / 3) }
      let served = try serve(which, .greeting(greeting), early: []) { server in
        // The client does not read yet, so the kernel can't send the whole greeting. The server may wait for that or end.
        _ = try server.hasEnded(within: 500)
        try server.early!.send([UInt8](repeating: 1, count: 50_000))
        let (bytes, error) = server.early!.receiveToFailure()
        expectBytes(bytes, greeting)
        #expect(error == nil)
        try server.early!.halfClose()
      }
      #expect(served.failure == nil)
    }

    @Test(
      "A TCP client that still sends after the server's end is not reset for a while", arguments: EngineName.allCases)
    func sendAfterEnd(_ which: EngineName) throws {
      let served = try serve(which, .greeting(Array("bye")), early: Array("unread")) { server in
        let received = try server.early!.receiveToEnd()
        #expect(received == Array("bye"))
        for _ in 1...10 { try server.early!.send([UInt8](repeating: 1, count: 10_000)) }
        try server.early!.halfClose()
        #expect(server.early!.receiveToFailure().error == nil)
      }
      #expect(served.failure == nil)
    }

    @Test(
      "A Unix client that still sends after the server's end is not reset", arguments: EngineName.allCases,
      [Transport.unix, .abstract])
    func unixSendAfterEnd(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let served = try serve(which, .greeting(Array("bye")), at: target.endpoint, early: Array("unread")) { server in
        let received = try server.early!.receiveToEnd()
        #expect(received == Array("bye"))
        #expect(throws: Errno.brokenPipe) { try server.early!.send("more") }
        #expect(server.early!.receiveToFailure().error == nil)
      }
      #expect(served.failure == nil)
    }

    @Test("Lingering ends even if the client never closes", arguments: EngineName.allCases)
    func lingerEnds(_ which: EngineName) throws {
      let start = ContinuousClock.now
      let served = try serve(which, .greeting(Array("bye")), early: Array("unread")) { server in
        let received = try server.early!.receiveToEnd()
        #expect(received == Array("bye"))
        let ended = try server.hasEnded(within: CInt(timeoutSeconds * 1000))
        #expect(ended)
      }
      #expect(served.failure == nil)
      #expect(ContinuousClock.now - start >= Limit.linger - .milliseconds(50))
    }

    @Test("Echo sends everything back until the client's end", arguments: EngineName.allCases)
    func echo(_ which: EngineName) throws {
      let served = try serve(which, .echo) { server in
        let peer = try RawPeer(to: server.endpoint)
        for text in ["one", "two\0three", "\u{FF}\n"] {
          try peer.send(text)
          #expect(try peer.receive(text.utf8.count) == Array(text))
        }
        try peer.halfClose()
        #expect(try peer.receiveToEnd() == [])
      }
      #expect(served.failure == nil)
    }

    @Test(
      "Echo stops reading while its client does not read, and then continues", arguments: EngineName.allCases,
      [Transport.ipv4, .unix])
    func slowReader(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 5) }
      let served = try serve(which, .echo, at: target.endpoint) { server in
        let endpoint = server.endpoint
        let peer = try RawPeer(to: endpoint)
        let number = peer.socket.number
        let thread = try TestThread {
          var rest = bytes[...]
          while !rest.isEmpty { rest = rest.dropFirst(try TestSystem.send(number, rest)) }
          return try TestSystem.halfClose(number)
        }
        expectBytes(try peer.receiveToEnd(), bytes)
        try thread.value()
      }
      #expect(served.failure == nil)
    }

    @Test("Discard receives everything", arguments: EngineName.allCases)
    func discard(_ which: EngineName) throws {
      let served = try serve(which, .discard) { server in
        let peer = try RawPeer(to: server.endpoint)
        for _ in 1...20 { try peer.send([UInt8](repeating: 7, count: 100_000)) }
        try peer.halfClose()
        #expect(try peer.receiveToEnd() == [])
      }
      #expect(served.failure == nil)
      #expect(served.events.reduce(0) { $0 + ($1.step == .receive ? $1.count : 0) } == 2_000_000)
    }

    @Test("Chargen sends until the client leaves (RFC 864)", arguments: EngineName.allCases, [Transport.ipv4, .unix])
    func chargen(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let served = try serve(which, .chargen, at: target.endpoint) { server in
        let peer = try RawPeer(to: server.endpoint)
        let bytes = try peer.receive(1_000_000)
        #expect(bytes.count == 1_000_000)
        #expect(bytes.prefix(74) == bytes[(95 * 74)...].prefix(74))
        try peer.send("whatever")
      }
      #expect(served.failure == nil)
      #expect(served.events.last?.step == .close)
      #expect(served.events.last?.failure == nil)
    }

    @Test("Clients are served one after the other", arguments: EngineName.allCases, Transport.allCases)
    func sequentialClients(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let served = try serve(which, .greeting(Array("hi")), at: target.endpoint, keepOpen: true) { server in
        for _ in 1...5 {
          let received = try RawPeer.receiveAll(from: server.endpoint)
          #expect(received == Array("hi"))
        }
        server.stop()
      }
      #expect(served.failure == nil)
      #expect(served.events.filter { $0.step == .close }.count == 5)
    }

    @Test("A reset is its client's failure, and ends only a server of a single client", arguments: [false, true])
    func reset(_ keepOpen: Bool) throws {
      let served = try fromBoth { which in
        try serve(which, .echo, keepOpen: keepOpen) { server in
          let peer = try RawPeer(to: server.endpoint)
          try peer.send("x")
          #expect(try peer.receive(1) == Array("x"))
          try peer.reset()
          if keepOpen {
            let extra = try RawPeer(to: server.endpoint)
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

    @Test("A failure of the server's own output ends serving, whether it stays open or not", arguments: [false, true])
    func failedOutput(_ keepOpen: Bool) throws {
      let served = try fromBoth { which in
        try serve(which, .message, keepOpen: keepOpen, output: try TestSystem.open("/dev/full", O_WRONLY)) { server in
          let peer = try RawPeer(to: server.endpoint)
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
