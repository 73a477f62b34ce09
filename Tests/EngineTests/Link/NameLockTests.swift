internal import CFaults
internal import IPC
internal import SystemPackage
internal import Synchronization
internal import Testing

extension Engines {
  /// The owner of a name, and the order of its clients.
  @Suite struct NameLockTests {
    @Test(
      "A second server fails, and the error has the process that owns the name", arguments: LinkTests.pairs,
      LinkKind.allCases)
    func holder(_ pair: LinkTests.Pair, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      _ = try serveLink(pair.server, .echo, at: endpoint) { server in
        let refused = failure { _ = try pair.client.engine.listen(at: endpoint, LinkSizes(), observer: nil) }
        #expect(refused == Failure(.bind, .system(.addressInUse), at: endpoint, holder: TestSystem.processIdentifier))
        #expect(target.present.count == target.names.count)
        server.stop()
      }
      #expect(target.present.isEmpty)
    }

    static let withoutInotify: [Fault] = [
      .fail(.FAULTS_INOTIFY_INIT, .tooManyOpenFiles, times: .max), .fail(.FAULTS_INOTIFY_ADD, .noSpace, times: .max),
    ]

    @Test(
      "A server serves its clients without inotify, and removes its names", arguments: EngineName.allCases,
      LinkKind.allCases)
    func serverWithoutInotify(_ which: EngineName, _ kind: LinkKind) throws {
      for fault in Self.withoutInotify {
        let target = try kind.makeEndpoint()
        let endpoint = target.endpoint
        let served = try serveLink(which, .echo, at: endpoint, keepOpen: true, faults: [fault]) { server in
          let answers = try [which.engine.request(endpoint, [7]), which.engine.request(endpoint, [8])]
          #expect(answers == [[7], [8]])
          server.stop()
        }
        #expect(served.failure == nil)
        #expect(target.present.isEmpty)
      }
    }

    @Test("A client waits for its turn without inotify", arguments: EngineName.allCases, LinkKind.allCases)
    func clientWithoutInotify(_ which: EngineName, _ kind: LinkKind) throws {
      for fault in Self.withoutInotify {
        let target = try kind.makeEndpoint()
        let endpoint = target.endpoint
        _ = try serveLink(which, .echo, at: endpoint, keepOpen: true) { server in
          let first = try which.engine.connectClient(to: endpoint)
          let next = try TestThread {
            try FaultInjection.during([fault]) { try which.engine.request(endpoint, [7]) }
          }
          try target.awaitLocks(5)
          try which.engine.close(first)
          #expect(try next.value() == [7])
          server.stop()
        }
      }
    }

    @Test(
      "A client continues a short read of the rendezvous", arguments: EngineName.allCases,
      [LinkKind.pipe, .memory])
    func shortRead(_ which: EngineName, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      let served = try serveLink(which, .echo, at: endpoint, faults: [.cap(.FAULTS_PREAD, 5)]) { _ in
        let answer = try FaultInjection.during([.cap(.FAULTS_PREAD, 3)]) { try which.engine.request(endpoint, [7]) }
        #expect(answer == [7])
      }
      #expect(served.failure == nil)
    }

    @Test(
      "A client waits until the server is free, up to its timeout, or fails at once", arguments: LinkTests.pairs,
      LinkKind.allCases)
    func waiting(_ pair: LinkTests.Pair, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let (endpoint, client) = (target.endpoint, pair.client)
      _ = try serveLink(pair.server, .echo, at: endpoint, keepOpen: true) { server in
        let link = try client.engine.connectClient(to: endpoint)
        expectFailure(.connect, .resourceBusy, at: endpoint) {
          _ = try client.engine.connect(to: endpoint, waits: false, timeout: .seconds(timeoutSeconds), observer: nil)
        }
        expectFailure(.connect, .timedOut, at: endpoint) {
          _ = try client.engine.connect(to: endpoint, waits: true, timeout: .milliseconds(30), observer: nil)
        }
        let next = try TestThread { try client.engine.request(endpoint, [7]) }
        try target.awaitLocks(5)
        try client.engine.close(link)
        #expect(try next.value() == [7])
        server.stop()
      }
    }

    @Test(
      "Clients of both engines are served in the order of their arrival", arguments: EngineName.allCases,
      LinkKind.allCases)
    func clientsAreServedInOrder(_ which: EngineName, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      let order = Locked<[Int]>([])
      _ = try serveLink(which, .echo, at: endpoint, keepOpen: true) { server in
        let first = try which.engine.connectClient(to: endpoint)
        var clients: [TestThread<Void>] = []
        for number in 0..<12 {
          let client = EngineName.allCases[number % 2]
          clients.append(
            try TestThread {
              let link = try client.engine.connectClient(to: endpoint)
              order.withLock { $0.append(number) }
              try client.engine.close(link)
            })
          try target.awaitLocks(5 + number)
        }
        try which.engine.close(first)
        for client in clients { try client.value() }
        server.stop()
      }
      #expect(order.withLock { $0 } == Array(0..<12))
    }

    @Test(
      "A server whose names were deleted by hand does not delete the names of the next server",
      arguments: LinkTests.pairs, LinkKind.allCases)
    func anothersNamesStay(_ pair: LinkTests.Pair, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let (endpoint, names) = (target.endpoint, target.names)
      _ = try serveLink(pair.client, .echo, at: endpoint, keepOpen: true) { first in
        if kind == .queue { try TestSystem.unlinkQueue(names[0]) } else { try TestSystem.removeFile(names[0]) }
        _ = try serveLink(pair.server, .echo, at: endpoint) { _ in
          first.stop()
          let hasEnded = try first.hasEnded(within: CInt(timeoutSeconds * 1000))
          #expect(hasEnded && target.present == names)
          let answer = try TestThread { try pair.client.engine.request(endpoint, [3]) }.value()
          #expect(answer == [3])
        }
      }
      #expect(target.present.isEmpty)
    }

    @Test(
      "A client without a server fails, and the next server replaces leftovers", arguments: EngineName.allCases,
      LinkKind.allCases)
    func noServer(_ which: EngineName, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      expectFailure(.connect, .noSuchFileOrDirectory, at: endpoint) { _ = try which.engine.connectClient(to: endpoint) }
      try target.makeLeftovers()
      expectFailure(.connect, .connectionRefused, at: endpoint) { _ = try which.engine.connectClient(to: endpoint) }
      _ = try serveLink(which, .echo, at: endpoint) { _ in
        let answer = try TestThread { try which.engine.request(endpoint, [1]) }.value()
        #expect(answer == [1], "the server has replaced the leftovers")
      }
      #expect(target.present.isEmpty)
    }

    @Test(
      "A waiting client fails when the server ends without serving it", arguments: LinkTests.pairs, LinkKind.allCases)
    func serverEnds(_ pair: LinkTests.Pair, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let (endpoint, client) = (target.endpoint, pair.client)
      var waiting: TestThread<Failure?>?
      _ = try serveLink(pair.server, .echo, at: endpoint) { server in
        let link = try client.engine.connectClient(to: endpoint)
        waiting = try TestThread { failure { _ = try client.engine.connectClient(to: endpoint) } }
        try target.awaitLocks(5)
        try client.engine.close(link)
      }
      #expect(try waiting!.value() == Failure(.connect, .connectionRefused, at: endpoint))
    }
  }
}
