internal import IPC
internal import SystemPackage
internal import Synchronization
internal import Testing

extension Engines {
  /// Who holds a name, and whose turn it is.
  @Suite struct NameLockTests {
    @Test(arguments: LinkTests.pairs, LocalTransport.allCases)
    func aLivingHolderIsNamed(_ pair: LinkTests.Pair, _ transport: LocalTransport) throws {
      let place = try transport.place()
      let endpoint = place.endpoint
      _ = try host(pair.server, .echo, at: endpoint) { server in
        let refused = failure { _ = try pair.client.engine.listen(at: endpoint, LinkSizes(), observer: nil) }
        #expect(refused == Failure(.bind, .system(.addressInUse), at: endpoint, holder: Kernel.processIdentifier))
        #expect(place.present.count == place.names.count)
        server.stop()
      }
      #expect(place.present.isEmpty)
    }

    @Test(arguments: LinkTests.pairs, LocalTransport.allCases)
    func aTurnIsWaitedForOrNot(_ pair: LinkTests.Pair, _ transport: LocalTransport) throws {
      let place = try transport.place()
      let (endpoint, client) = (place.endpoint, pair.client)
      _ = try host(pair.server, .echo, at: endpoint, keepOpen: true) { server in
        let link = try client.engine.client(of: endpoint)
        expectFailure(.connect, .resourceBusy, at: endpoint) {
          _ = try client.engine.connect(to: endpoint, waits: false, timeout: .seconds(patience), observer: nil)
        }
        expectFailure(.connect, .timedOut, at: endpoint) {
          _ = try client.engine.connect(to: endpoint, waits: true, timeout: .milliseconds(30), observer: nil)
        }
        let next = try Worker { try client.engine.ask(endpoint, [7]) }
        try place.awaitLocks(5)
        try client.engine.close(link)
        #expect(try next.value() == [7])
        server.stop()
      }
    }

    /// In the order in which they came, whichever engine they are of.
    @Test(arguments: Which.allCases, LocalTransport.allCases)
    func clientsAreServedInOrder(_ which: Which, _ transport: LocalTransport) throws {
      let place = try transport.place()
      let endpoint = place.endpoint
      let order = Locked<[Int]>([])
      _ = try host(which, .echo, at: endpoint, keepOpen: true) { server in
        let first = try which.engine.client(of: endpoint)
        var clients: [Worker<Void>] = []
        for number in 0..<12 {
          let client = Which.allCases[number % 2]
          clients.append(
            try Worker {
              let link = try client.engine.client(of: endpoint)
              order.withLock { $0.append(number) }
              try client.engine.close(link)
            })
          try place.awaitLocks(5 + number)
        }
        try which.engine.close(first)
        for client in clients { try client.value() }
        server.stop()
      }
      #expect(order.withLock { $0 } == Array(0..<12))
    }

    /// Whose names were removed by hand leaves those alone that came after.
    @Test(arguments: LinkTests.pairs, LocalTransport.allCases)
    func anothersNamesStay(_ pair: LinkTests.Pair, _ transport: LocalTransport) throws {
      let place = try transport.place()
      let (endpoint, names) = (place.endpoint, place.names)
      _ = try host(pair.client, .echo, at: endpoint, keepOpen: true) { first in
        if transport == .queue { try Kernel.unlinkQueue(names[0]) } else { try Kernel.removeFile(names[0]) }
        _ = try host(pair.server, .echo, at: endpoint) { _ in
          first.stop()
          let hasEnded = try first.hasEnded(within: CInt(patience * 1000))
          #expect(hasEnded && place.present == names)
          let answer = try Worker { try pair.client.engine.ask(endpoint, [3]) }.value()
          #expect(answer == [3])
        }
      }
      #expect(place.present.isEmpty)
    }

    @Test(arguments: Which.allCases, LocalTransport.allCases)
    func nobodyThereIsTold(_ which: Which, _ transport: LocalTransport) throws {
      let place = try transport.place()
      let endpoint = place.endpoint
      expectFailure(.connect, .noSuchFileOrDirectory, at: endpoint) { _ = try which.engine.client(of: endpoint) }
      try place.leave()
      expectFailure(.connect, .connectionRefused, at: endpoint) { _ = try which.engine.client(of: endpoint) }
      _ = try host(which, .echo, at: endpoint) { _ in
        let answer = try Worker { try which.engine.ask(endpoint, [1]) }.value()
        #expect(answer == [1], "taken over")
      }
      #expect(place.present.isEmpty)
    }

    /// Who waits for a server that ends without it is told.
    @Test(arguments: LinkTests.pairs, LocalTransport.allCases)
    func whoWaitsIsToldOfTheEnd(_ pair: LinkTests.Pair, _ transport: LocalTransport) throws {
      let place = try transport.place()
      let (endpoint, client) = (place.endpoint, pair.client)
      var waiter: Worker<Failure?>?
      _ = try host(pair.server, .echo, at: endpoint) { server in
        let link = try client.engine.client(of: endpoint)
        waiter = try Worker { failure { _ = try client.engine.client(of: endpoint) } }
        try place.awaitLocks(5)
        try client.engine.close(link)
      }
      #expect(try waiter!.value() == Failure(.connect, .connectionRefused, at: endpoint))
    }
  }
}
