internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// Two queues: whose they are, how much they hold, and who waits.
  @Suite struct QueueTests {
    @Test(arguments: Which.allCases)
    func sizesAreTheServers(_ which: Which) throws {
      let sizes = LinkSizes(message: 64, depth: 2)
      let place = try LocalPlace(.queue)
      let endpoint = place.endpoint
      let bytes = (0..<5_000).map { UInt8(truncatingIfNeeded: $0) }
      _ = try host(which, .echo, at: endpoint, keepOpen: true, sizes: sizes) { server in
        for name in place.names {
          #expect(try Kernel.sizes(ofQueue: try Kernel.openQueue(name, Kernel.readOnly)) == sizes)
        }
        for client in Which.allCases {
          let run = try CarryRun(client, to: endpoint)
          try run.start()
          let input = run.inputNumber
          let giver = try Worker { try Kernel.writeAll(input, bytes) }
          expectBytes(try run.written(bytes.count), bytes)
          try giver.value()
          run.input = nil
          #expect(try run.wait().failure == nil)
        }
        server.stop()
      }
      // A leftover of another size is replaced.
      try Kernel.makeQueue(place.names[0], message: 100, depth: 3)
      _ = try host(which, .echo, at: endpoint, sizes: sizes) { server in
        let queue = try Kernel.openQueue(place.names[0], Kernel.readOnly)
        #expect(try Kernel.sizes(ofQueue: queue) == sizes)
        server.stop()
      }
      #expect(place.present.isEmpty)
    }

    /// Who sends more than stands in a queue has to wait.
    @Test(arguments: Which.allCases)
    func aWriterWaitsWhileItIsFull(_ which: Which) throws {
      let place = try LocalPlace(.queue)
      let endpoint = place.endpoint
      let bytes = [UInt8](repeating: 7, count: 60_000)
      let worker = try serveSteps(which, at: endpoint, sizes: LinkSizes(message: 1016, depth: 4)) { e, link in
        try e.accept(link, extra: nil, timeout: .seconds(patience))
        _ = try e.receiveAll(link, atMost: 1)  // it has taken the welcome
        var rest = bytes.span
        while let count = try e.send(link, rest) {
          #expect(count == 1000)
          rest = rest.extracting(droppingFirst: count)
        }
        let sent = bytes.count - rest.count
        #expect(try !e.halfClose(link))
        expectFailure(.wait, .timedOut) {
          _ = try e.wait(link, for: .writable, extra: nil, timeout: .milliseconds(20))
        }
        return sent
      }
      let link = try which.engine.client(of: endpoint)
      try which.engine.sendAll(link, [1])
      // It left with the queue full, and nobody read: some is lost, and that is told.
      #expect(try worker.value() == 4000)
      #expect(failure { _ = try which.engine.receiveAll(link) }?.cause == .system(.connectionReset))
      try which.engine.close(link)
    }

    @Test(arguments: Which.allCases)
    func foreignQueuesAreRefused(_ which: Which) throws {
      let e = which.engine
      for name in 0..<2 {
        for fault in [LocalError.mode, .owner] where fault != .owner || Kernel.isRoot {
          let place = try LocalPlace(.queue)
          let endpoint = place.endpoint
          try Kernel.makeQueue(place.names[name])
          let queue = try Kernel.openQueue(place.names[name], Kernel.readWrite)
          if fault == .mode { try Kernel.setMode(queue, 0o660) } else { try Kernel.setOwner(queue, 1) }
          let refused = failure { _ = try e.listen(at: endpoint, LinkSizes(), observer: nil) }
          #expect(refused == Failure(.bind, .local(fault), at: endpoint), "\(name)")
          #expect(place.present == [place.names[name]], "untouched, and alone")
        }
      }
    }

    /// A client trusts no queue that is not its server's alone.
    @Test(arguments: Which.allCases)
    func aClientLooksToo(_ which: Which) throws {
      let place = try LocalPlace(.queue)
      let endpoint = place.endpoint
      _ = try host(which, .echo, at: endpoint) { server in
        let queue = try Kernel.openQueue(place.names[1], Kernel.readWrite)
        try Kernel.setMode(queue, 0o666)
        #expect(failure { _ = try which.engine.client(of: endpoint) } == Failure(.connect, .local(.mode), at: endpoint))
        try Kernel.unlinkQueue(place.names[1])
        try Kernel.makeQueue(place.names[1], message: 16)
        #expect(failure { _ = try which.engine.client(of: endpoint) } == Failure(.connect, .local(.kind), at: endpoint))
        server.stop()
      }
    }
  }
}
