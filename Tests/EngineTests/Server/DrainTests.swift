// New clients and new servers while a server drains.
internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct DrainTests {
    private static func options(_ workers: Int, clients: Int? = nil) -> ServeOptions {
      ServeOptions(
        keepOpen: true, drain: .seconds(timeoutSeconds), workers: workers, limits: ClientLimits(clients: clients))
    }

    private static func echo(_ text: String, at endpoint: Endpoint) throws(Errno) -> [UInt8] {
      let peer = try RawPeer(to: endpoint)
      try peer.send(text)
      try peer.halfClose()
      return try peer.receiveToEnd()
    }

    /// Waits until the server has handled its stop, and refuses clients as if there were no server.
    private static func awaitRefusal(at endpoint: Endpoint) throws {
      var expected = Errno.connectionRefused
      if case .unix = endpoint { expected = .noSuchFileOrDirectory }
      for _ in 0..<timeoutSeconds * 1000 {
        do throws(Errno) { _ = try RawPeer(to: endpoint) } catch {
          // The server closed its listener while this client was connecting: the next one is refused.
          if error != .connectionReset {
            #expect(error == expected)
            return
          }
        }
        try TestSystem.pause(milliseconds: 1)
      }
      throw TimeoutError("a refusal")
    }

    @Test(
      "While a server drains, the next one takes over its name, and both serve", arguments: LinkTests.pairs,
      Transport.allCases)
    func takeover(_ pair: LinkTests.Pair, _ transport: Transport) throws {
      for workers in [1, 3] {
        let target = try transport.makeEndpoint()
        let options = Self.options(workers)
        let first = try serve(pair.server, .echo, at: target.endpoint, options: options) { server in
          let peer = try RawPeer(to: server.endpoint)
          try peer.send("before")
          #expect(try peer.receive(6) == Array("before"))
          server.stop()
          try Self.awaitRefusal(at: server.endpoint)
          let second = try serve(pair.client, .echo, at: server.endpoint, options: options) { next in
            #expect(try Self.echo("next", at: next.endpoint) == Array("next"))
            try peer.send("after")
            try peer.halfClose()
            #expect(try peer.receiveToEnd() == Array("after"))
            #expect(try server.hasEnded(within: CInt(timeoutSeconds * 1000)))
            #expect(try Self.echo("last", at: next.endpoint) == Array("last"))
            next.stop()
          }
          #expect(second.failure == nil)
        }
        #expect(first.failure == nil)
      }
    }

    /// A file system may give the number of a removed file to the next one.
    @Test("A server that has drained does not remove a file with its file's number", arguments: EngineName.allCases)
    func reusedNumber(_ which: EngineName) throws {
      let target = try Transport.unix.makeEndpoint()
      guard case .unix(let path) = target.endpoint else { return }
      let next = try RawListener(at: target.endpoint)
      let status = try TestSystem.status(path)
      let file = Server.File(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
      // Draining has replaced the socket by another descriptor.
      let placeholder = try TestSystem.open("/dev/null", TestSystem.readOnly)
      try which.engine.close(Server(placeholder, at: target.endpoint, backlog: 1, file: file))
      _ = try RawPeer(to: next.endpoint)
    }

    @Test(
      "A stop resets the clients in the backlog that the server has no room for", arguments: EngineName.allCases,
      Transport.allCases)
    func backlog(_ which: EngineName, _ transport: Transport) throws {
      // Over TCP each worker has a backlog of its own, and the kernel chooses.
      for workers in transport == .unix || transport == .abstract ? [1, 3] : [1] {
        let target = try transport.makeEndpoint()
        let options = Self.options(workers, clients: workers)
        let served = try serve(which, .echo, at: target.endpoint, options: options) { server in
          let clients = try (0..<workers).map { _ in PeerBox(try RawPeer(to: server.endpoint)) }
          for client in clients {
            try client.peer.send("x")
            #expect(try client.peer.receive(1) == Array("x"))
          }
          let waiting = try RawPeer(to: server.endpoint)
          try waiting.send("waiting")
          server.stop()
          let (bytes, error) = waiting.receiveToFailure()
          #expect(bytes == [] && error == .connectionReset)
          for client in clients {
            try client.peer.send("y")
            try client.peer.halfClose()
            #expect(try client.peer.receiveToEnd() == Array("y"))
          }
        }
        #expect(served.failure == nil)
        let refused = served.events.filter { $0.step == .accept && $0.failure?.cause == .system(.canceled) }
        // A Unix listener resets them without the engine, which would not know of them.
        #expect(refused.isEmpty == (transport == .unix || transport == .abstract))
      }
    }

    @Test(
      "A stop refuses the clients that wait for room in the backlog", arguments: EngineName.allCases,
      [Transport.unix, .abstract])
    func fullBacklog(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let endpoint = target.endpoint
      let served = try serve(which, .echo, at: endpoint, options: Self.options(1, clients: 1), backlog: 0) { server in
        let peer = try RawPeer(to: endpoint)
        try peer.send("x")
        #expect(try peer.receive(1) == Array("x"))
        let filler = try BacklogFiller(of: endpoint)
        var waiting: [TestThread<Failure?>] = []
        for _ in 1...3 {
          let announcement = try TestSystem.pipe()
          let writer = announcement.second.number
          waiting.append(
            try TestThread {
              let client = try which.engine.create(for: endpoint)
              // The first connect(2) returns EAGAIN, and the second one waits.
              faults_announce(.FAULTS_CONNECT, 1, writer)
              defer { faults_clear() }
              return failure { try which.engine.connect(client, to: endpoint, timeout: .seconds(timeoutSeconds)) }
            })
          #expect(try announcement.first.readAll(atMost: 1).count == 1)
        }
        server.stop()
        // A client that was announced, but has not begun to wait, may find no file any more.
        let expected = [Cause.system(.connectionRefused), .system(.noSuchFileOrDirectory)]
        for client in waiting {
          let refused = try client.value()
          #expect(refused.map { expected.contains($0.cause) } == true)
        }
        #expect(!filler.sockets.isEmpty)
        try peer.halfClose()
        #expect(try peer.receiveToEnd() == [])
      }
      #expect(served.failure == nil)
    }
  }
}
