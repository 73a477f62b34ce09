internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// A pipe as a shell has it, and ends that are no clients of ours.
  @Suite struct PipeTests {
    /// `cat NAME.out`.
    @Test(arguments: Which.allCases)
    func aReaderByHandIsAClient(_ which: Which) throws {
      let greeting = [UInt8](repeating: 65, count: 200_000)
      let place = try LocalPlace(.pipe)
      let served = try host(which, .greeting(greeting), at: place.endpoint) { _ in
        let reader = try Kernel.open(path: place.names[2], O_RDONLY)
        expectBytes(try reader.readAll(atMost: .max), greeting)
      }
      #expect(served.failure == nil)
      #expect(place.present.isEmpty)
    }

    /// `echo hello >NAME.in; cat NAME.out`: the answer waits for its reader.
    @Test(arguments: Which.allCases)
    func anAnswerWaitsForItsReader(_ which: Which) throws {
      let place = try LocalPlace(.pipe)
      let served = try host(which, .message, at: place.endpoint) { server in
        do {
          let writer = try Kernel.open(path: place.names[1], O_WRONLY)
          _ = try Kernel.write(writer.number, Array("hello\n")[...])
        }
        #expect(try !server.hasEnded(within: 50))
        let reader = try Kernel.open(path: place.names[2], O_RDONLY)
        #expect(try reader.readAll(atMost: .max) == Array("I got your message"))
      }
      #expect(served.printed == Array("Here is the message: hello\n\n"))
      #expect(served.failure == nil)
    }

    /// A reader by hand that goes is a closed pipe.
    @Test(arguments: Which.allCases)
    func aReaderThatGoesIsTold(_ which: Which) throws {
      let place = try LocalPlace(.pipe)
      let endless = try host(which, .chargen, at: place.endpoint) { _ in
        let reader = try Kernel.open(path: place.names[2], O_RDONLY)
        #expect(try reader.readAll(atMost: 100_000).count == 100_000)
      }
      #expect(endless.failure == nil, "the end that chargen waits for")
      let large = try host(which, .greeting([UInt8](repeating: 65, count: 1_000_000)), at: place.endpoint) { _ in
        let reader = try Kernel.open(path: place.names[2], O_RDONLY)
        #expect(try reader.readAll(atMost: 1).count == 1)
      }
      #expect(large.failure == Failure(.send, .brokenPipe, at: place.endpoint.masked))
    }

    /// `cat NAME.out`, and ^C: who comes next is served.
    @Test(arguments: Which.allCases, [Service.echo, .discard, .message])
    func aReaderThatAsksNothingMayGo(_ which: Which, _ service: Service) throws {
      let place = try LocalPlace(.pipe)
      let served = try host(which, service, at: place.endpoint, keepOpen: true) { server in
        do {
          let reader = try Kernel.open(path: place.names[2], O_RDONLY)
          #expect(try !Kernel.isReadable(reader.number, within: 30))
        }
        for client in Which.allCases {
          _ = try Worker { [endpoint = place.endpoint] in try client.engine.ask(endpoint, [1]) }.value()
        }
        server.stop()
      }
      #expect(served.failure == nil)
      #expect(place.present.isEmpty)
    }

    /// The words of a lobby may be written after its head.
    @Test(arguments: LinkTests.pairs)
    func aHeadIsALobby(_ pair: LinkTests.Pair) throws {
      let place = try LocalPlace(.pipe)
      _ = try host(pair.server, .echo, at: place.endpoint) { _ in
        try Kernel.setSize(try Kernel.open(path: place.names[0], O_RDWR), 8)
        let answer = try Worker { [endpoint = place.endpoint] in try pair.client.engine.ask(endpoint, [7]) }.value()
        #expect(answer == [7])
      }
    }

    /// A client that leaves before its end was asked for, in order: that is an end, and no death.
    @Test(arguments: LinkTests.pairs, LocalTransport.allCases)
    func leavingIsAnEnd(_ pair: LinkTests.Pair, _ transport: LocalTransport) throws {
      let place = try transport.place()
      let (endpoint, client) = (place.endpoint, pair.client)
      let served = try host(pair.server, .discard, at: endpoint) { _ in
        let worker = try Worker {
          let link = try client.engine.client(of: endpoint)
          try client.engine.sendAll(link, [UInt8](repeating: 1, count: 50_000))
          try client.engine.close(link)
        }
        try worker.value()
      }
      #expect(served.failure == nil)
      #expect(served.events.reduce(0) { $0 + ($1.step == .receive ? $1.count : 0) } == 50_000)
    }
  }
}
