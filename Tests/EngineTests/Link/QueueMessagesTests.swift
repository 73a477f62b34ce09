internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// What a queue is made of: messages with a head, within the system's limits.
  @Suite struct QueueMessagesTests {
    static func message(
      magic: String = "IPCQ", version: UInt8 = 1, kind: UInt8 = 3, turn: UInt64 = 1, _ bytes: [UInt8] = []
    ) -> [UInt8] {
      Array(magic) + [version, 0, kind, 0] + (0..<8).map { UInt8(truncatingIfNeeded: turn >> (8 * $0)) } + bytes
    }

    /// Amid a conversation each of these ends it with an error, on either side.
    static let garbage: [[UInt8]] = [
      [], [1], message().dropLast(), message(magic: "IPCP", [1]), message(version: 2, [1]), message(kind: 0, [1]),
      message(kind: 7), message(kind: 3), message(kind: 4, [1]), message(kind: 3, turn: 77, [1]),
      message(kind: 1, turn: 77), message(kind: 2, turn: 77), [UInt8](repeating: 0xFF, count: 8192),
    ].map { Array($0) }

    @Test(arguments: LinkTests.pairs)
    func garbageEndsAConversation(_ pair: LinkTests.Pair) throws {
      for (number, message) in Self.garbage.enumerated() {
        let place = try LocalPlace(.queue)
        let (endpoint, client) = (place.endpoint, pair.client.engine)
        let served = try host(pair.server, .echo, at: endpoint) { _ in
          let link = try client.client(of: endpoint)
          try Kernel.sendMessage(Kernel.openQueue(place.names[0], Kernel.readWrite), message)
          #expect(try client.receiveAll(link) == [], "the server ends")
          try client.close(link)
        }
        #expect(served.failure == Failure(.receive, Errno(rawValue: 74), at: endpoint.masked), "\(number)")
        let worker = try serveSteps(pair.server, at: endpoint) { e, link in
          try e.accept(link, extra: nil, timeout: .seconds(patience))
          _ = try e.receiveAll(link)
        }
        let link = try client.client(of: endpoint)
        try Kernel.sendMessage(Kernel.openQueue(place.names[1], Kernel.readWrite), message)
        #expect(failure { _ = try client.receiveAll(link) }?.cause == .system(Errno(rawValue: 74)), "\(number)")
        try client.close(link)
        try worker.value()
        #expect(place.present.isEmpty)
      }
    }

    /// Before a conversation it is passed over, as what clients left that are gone.
    @Test(arguments: LinkTests.pairs)
    func whatStoodThereIsPassedOver(_ pair: LinkTests.Pair) throws {
      let place = try LocalPlace(.queue)
      let (endpoint, client) = (place.endpoint, pair.client.engine)
      _ = try host(pair.server, .echo, at: endpoint, keepOpen: true) { server in
        let queues = [try Kernel.openQueue(place.names[0], Kernel.readWrite).release()]
        let incoming = Descriptor(owning: queues[0])
        let outgoing = try Kernel.openQueue(place.names[1], Kernel.readWrite)
        for message in Self.garbage + [Self.message(kind: 1, turn: 5)] {
          try Kernel.sendMessage(incoming, message)
          try Kernel.sendMessage(outgoing, Self.message(turn: 5, [9]))
          #expect(try client.ask(endpoint, [1]) == [1])
        }
        server.stop()
      }
    }

    /// The layout, as the header has it.
    @Test(arguments: Which.allCases)
    func messagesHaveTheirHeads(_ which: Which) throws {
      let place = try LocalPlace(.queue)
      let endpoint = place.endpoint
      let worker = try serveSteps(which, at: endpoint) { e, link in
        try e.accept(link, extra: nil, timeout: .seconds(patience))
        try e.sendAll(link, Array("hello"))
        try e.halfCloseAll(link)
        #expect(try e.receiveAll(link) == [])
      }
      let link = try which.engine.client(of: endpoint)
      let queue = try Kernel.openQueue(place.names[1], Kernel.readOnly)
      let messages = try (0..<2).map { _ in
        #expect(try Kernel.isReadable(queue.number, within: 1000))
        return try Kernel.receiveMessage(queue)
      }
      let turn = messages[0][8..<16]
      #expect(turn.contains { $0 != 0 })
      #expect(messages[0] == Array("IPCQ") + [1, 0, 3, 0] + turn + Array("hello"))
      #expect(messages[1] == Array("IPCQ") + [1, 0, 4, 0] + turn)
      try which.engine.close(link)
      try worker.value()
    }

    /// As a user without root's power over limits.
    @Test func theSystemsLimitsAreNamed() async {
      await #expect(processExitsWith: .success) {
        let isRoot = Kernel.isRoot
        if isRoot { try Kernel.become(65_534) }
        let cases: [(LinkSizes, LocalError)] = [
          (LinkSizes(depth: 60_000), .depth), (LinkSizes(message: 1 << 24), .message),
        ]
        for (sizes, fault) in cases {
          let place = try LocalPlace(.queue)
          let endpoint = place.endpoint
          let refused = both { e in
            _ = try e.listen(at: endpoint, sizes, observer: nil); return true
          }
          #expect(refused == .failure(Failure(.bind, .local(fault), at: endpoint)))
          #expect(place.present.isEmpty)
        }
        try Kernel.limitQueues(to: 100_000)
        let place = try LocalPlace(.queue)
        let endpoint = place.endpoint
        let refused = both { e in
          _ = try e.listen(at: endpoint, LinkSizes(), observer: nil); return true
        }
        #expect(refused == .failure(Failure(.bind, .local(.bytes), at: endpoint)))
        #expect(place.present.isEmpty, "the one queue that was made is gone")
        if isRoot { try Kernel.become(0) }  // the sanitizer's search for leaks needs it
      }
    }
  }
}
