internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// The two queues of a link: their owner, their sizes, and waiting.
  @Suite struct QueueTests {
    @Test("The server's sizes apply, also to a leftover queue", arguments: EngineName.allCases)
    func sizes(_ which: EngineName) throws {
      let sizes = LinkSizes(message: 64, depth: 2)
      let target = try LinkTestEndpoint(.queue)
      let endpoint = target.endpoint
      let bytes = (0..<5_000).map { UInt8(truncatingIfNeeded: $0) }
      _ = try serveLink(which, .echo, at: endpoint, keepOpen: true, sizes: sizes) { server in
        for name in target.names {
          #expect(try TestSystem.sizes(ofQueue: try TestSystem.openQueue(name, TestSystem.readOnly)) == sizes)
        }
        for client in EngineName.allCases {
          let run = try LinkRelayHarness(client, to: endpoint)
          try run.start()
          let input = run.inputNumber
          let writer = try TestThread { try TestSystem.writeAll(input, bytes) }
          expectBytes(try run.written(bytes.count), bytes)
          try writer.value()
          run.input = nil
          #expect(try run.wait().failure == nil)
        }
        server.stop()
      }
      // A leftover of another size is replaced.
      try TestSystem.makeQueue(target.names[0], message: 100, depth: 3)
      _ = try serveLink(which, .echo, at: endpoint, sizes: sizes) { server in
        let queue = try TestSystem.openQueue(target.names[0], TestSystem.readOnly)
        #expect(try TestSystem.sizes(ofQueue: queue) == sizes)
        server.stop()
      }
      #expect(target.present.isEmpty)
    }

    @Test("A writer waits while the queue is full", arguments: EngineName.allCases)
    func fullQueue(_ which: EngineName) throws {
      let target = try LinkTestEndpoint(.queue)
      let endpoint = target.endpoint
      let bytes = [UInt8](repeating: 7, count: 60_000)
      let thread = try serveSteps(which, at: endpoint, sizes: LinkSizes(message: 1016, depth: 4)) { e, link in
        try e.accept(link, extra: nil, timeout: .seconds(timeoutSeconds))
        _ = try e.receiveAll(link, atMost: 1)  // the client has then received the welcome message
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
      let link = try which.engine.connectClient(to: endpoint)
      try which.engine.sendAll(link, [1])
      // The server closed while the queue was full, so bytes are lost, and the client reports that.
      #expect(try thread.value() == 4000)
      #expect(failure { _ = try which.engine.receiveAll(link) }?.cause == .system(.connectionReset))
      try which.engine.close(link)
    }

    @Test("A server rejects queues of another mode or owner, and leaves them unchanged", arguments: EngineName.allCases)
    func foreignQueuesAreRefused(_ which: EngineName) throws {
      let e = which.engine
      for name in 0..<2 {
        for error in [LocalError.mode, .owner] where error != .owner || TestSystem.isRoot {
          let target = try LinkTestEndpoint(.queue)
          let endpoint = target.endpoint
          try TestSystem.makeQueue(target.names[name])
          let queue = try TestSystem.openQueue(target.names[name], TestSystem.readWrite)
          if error == .mode { try TestSystem.setMode(queue, 0o660) } else { try TestSystem.setOwner(queue, 1) }
          let refused = failure { _ = try e.listen(at: endpoint, LinkSizes(), observer: nil) }
          #expect(refused == Failure(.bind, .local(error), at: endpoint), "\(name)")
          #expect(target.present == [target.names[name]], "the queue is unchanged, and the only one")
        }
      }
    }

    @Test("A client rejects queues of another mode or size", arguments: EngineName.allCases)
    func clientChecks(_ which: EngineName) throws {
      let target = try LinkTestEndpoint(.queue)
      let endpoint = target.endpoint
      _ = try serveLink(which, .echo, at: endpoint) { server in
        let queue = try TestSystem.openQueue(target.names[1], TestSystem.readWrite)
        try TestSystem.setMode(queue, 0o666)
        #expect(
          failure { _ = try which.engine.connectClient(to: endpoint) } == Failure(.connect, .local(.mode), at: endpoint)
        )
        try TestSystem.unlinkQueue(target.names[1])
        try TestSystem.makeQueue(target.names[1], message: 16)
        #expect(
          failure { _ = try which.engine.connectClient(to: endpoint) } == Failure(.connect, .local(.kind), at: endpoint)
        )
        server.stop()
      }
    }
  }
}
