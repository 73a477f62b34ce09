internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// The messages of a queue: their headers, and the system's limits.
  @Suite struct QueueMessagesTests {
    static func message(
      magic: String = "IPCQ", version: UInt8 = 1, kind: UInt8 = 3, ticket: UInt64 = 1, _ bytes: [UInt8] = []
    ) -> [UInt8] {
      Array(magic) + [version, 0, kind, 0] + (0..<8).map { UInt8(truncatingIfNeeded: ticket >> (8 * $0)) } + bytes
    }

    /// During a conversation, each of these messages ends it with an error.
    static let garbage: [[UInt8]] = [
      [], [1], message().dropLast(), message(magic: "IPCP", [1]), message(version: 2, [1]), message(kind: 0, [1]),
      message(kind: 7), message(kind: 3), message(kind: 4, [1]), message(kind: 3, ticket: 77, [1]),
      message(kind: 1, ticket: 77), message(kind: 2, ticket: 77), [UInt8](repeating: 0xFF, count: 8192),
    ].map { Array($0) }

    @Test("An invalid message ends a conversation with EBADMSG, on either side", arguments: LinkTests.pairs)
    func garbage(_ pair: LinkTests.Pair) throws {
      for (number, message) in Self.garbage.enumerated() {
        let target = try LinkTestEndpoint(.queue)
        let (endpoint, client) = (target.endpoint, pair.client.engine)
        let served = try serveLink(pair.server, .echo, at: endpoint) { _ in
          let link = try client.connectClient(to: endpoint)
          try TestSystem.sendMessage(TestSystem.openQueue(target.names[0], TestSystem.readWrite), message)
          #expect(failure { _ = try client.receiveAll(link) }?.cause == .system(.connectionReset), "the server fails")
          try client.close(link)
        }
        #expect(served.failure == Failure(.receive, Errno(rawValue: EBADMSG), at: endpoint.masked), "message \(number)")
        let thread = try serveSteps(pair.server, at: endpoint) { e, link in
          try e.accept(link, extra: nil, timeout: .seconds(timeoutSeconds))
          _ = try e.receiveAll(link)
        }
        let link = try client.connectClient(to: endpoint)
        try TestSystem.sendMessage(TestSystem.openQueue(target.names[1], TestSystem.readWrite), message)
        #expect(
          failure { _ = try client.receiveAll(link) }?.cause == .system(Errno(rawValue: EBADMSG)), "message \(number)")
        try client.close(link)
        try thread.value()
        #expect(target.present.isEmpty)
      }
    }

    @Test("Messages that are left of earlier conversations are skipped", arguments: LinkTests.pairs)
    func leftovers(_ pair: LinkTests.Pair) throws {
      let target = try LinkTestEndpoint(.queue)
      let (endpoint, client) = (target.endpoint, pair.client.engine)
      _ = try serveLink(pair.server, .echo, at: endpoint, keepOpen: true) { server in
        let queues = [try TestSystem.openQueue(target.names[0], TestSystem.readWrite).release()]
        let incoming = Descriptor(owning: queues[0])
        let outgoing = try TestSystem.openQueue(target.names[1], TestSystem.readWrite)
        for message in Self.garbage + [Self.message(kind: 1, ticket: 5)] {
          try TestSystem.sendMessage(incoming, message)
          try TestSystem.sendMessage(outgoing, Self.message(ticket: 5, [9]))
          #expect(try client.request(endpoint, [1]) == [1])
        }
        server.stop()
      }
    }

    @Test("Messages have the layout that the header documents", arguments: EngineName.allCases)
    func layout(_ which: EngineName) throws {
      let target = try LinkTestEndpoint(.queue)
      let endpoint = target.endpoint
      let thread = try serveSteps(which, at: endpoint) { e, link in
        try e.accept(link, extra: nil, timeout: .seconds(timeoutSeconds))
        try e.sendAll(link, Array("hello"))
        try e.halfCloseAll(link)
        #expect(try e.receiveAll(link) == [])
      }
      let link = try which.engine.connectClient(to: endpoint)
      let queue = try TestSystem.openQueue(target.names[1], TestSystem.readOnly)
      let messages = try (0..<2).map { _ in
        #expect(try TestSystem.isReadable(queue.number, within: 1000))
        return try TestSystem.receiveMessage(queue)
      }
      let ticket = messages[0][8..<16]
      #expect(ticket.contains { $0 != 0 })
      #expect(messages[0] == Array("IPCQ") + [1, 0, 3, 0] + ticket + Array("hello"))
      #expect(messages[1] == Array("IPCQ") + [1, 0, 4, 0] + ticket)
      try which.engine.close(link)
      try thread.value()
    }

    /// As a user whom the limits apply to, unlike root.
    @Test("An error names the system's limit that was exceeded")
    func systemLimits() async {
      await #expect(processExitsWith: .success) {
        let isRoot = TestSystem.isRoot
        if isRoot { try TestSystem.become(65_534) }
        let cases: [(LinkSizes, LocalError)] = [
          (LinkSizes(depth: 60_000), .depth), (LinkSizes(message: 1 << 24), .message),
        ]
        for (sizes, error) in cases {
          let target = try LinkTestEndpoint(.queue)
          let endpoint = target.endpoint
          let refused = resultFromBoth { e in
            _ = try e.listen(at: endpoint, sizes, observer: nil); return true
          }
          #expect(refused == .failure(Failure(.bind, .local(error), at: endpoint)))
          #expect(target.present.isEmpty)
        }
        try TestSystem.limitQueues(to: 100_000)
        let target = try LinkTestEndpoint(.queue)
        let endpoint = target.endpoint
        let refused = resultFromBoth { e in
          _ = try e.listen(at: endpoint, LinkSizes(), observer: nil); return true
        }
        #expect(refused == .failure(Failure(.bind, .local(.bytes), at: endpoint)))
        #expect(target.present.isEmpty, "the queue that could be made is removed")
        if isRoot { try TestSystem.become(0) }  // the leak sanitizer needs root
      }
    }
  }
}
