internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// The single steps of a link, for each pair of engines.
  @Suite struct LinkTests {
    static let pairs = EngineName.allCases.flatMap { server in
      EngineName.allCases.map { Pair(server: server, client: $0) }
    }

    struct Pair: CustomTestStringConvertible, Sendable {
      let server, client: EngineName
      var testDescription: String { "\(server)-server with \(client)-client" }
    }

    @Test("Bytes go both ways", arguments: pairs, LinkKind.allCases)
    func bothDirections(_ pair: Pair, _ kind: LinkKind) throws {
      var random = Seed.generator(for: .linkSplits, 0)
      let bytes = random.bytes(100_000...200_000)
      let pieces = random.pieces(bytes, atMost: 20_000)
      let target = try kind.makeEndpoint()
      let served = try serveLink(pair.server, .echo, at: target.endpoint) { server in
        let (client, endpoint) = (pair.client, server.endpoint)
        let answer = try TestThread {
          let link = try client.engine.connectClient(to: endpoint)
          var answer: [UInt8] = []
          for piece in pieces {
            try client.engine.sendAll(link, piece)
            answer += try client.engine.receiveAll(link, atMost: piece.count)
          }
          try client.engine.halfCloseAll(link)
          answer += try client.engine.receiveAll(link)
          try client.engine.close(link)
          return answer
        }
        expectBytes(try answer.value(), bytes)
      }
      #expect(served.failure == nil, "DIPTYCH_SEED=\(Seed.value)")
      #expect(target.present.isEmpty, "objects are left over")
    }

    @Test("Each direction ends independently of the other", arguments: pairs, LinkKind.allCases)
    func halfClose(_ pair: Pair, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let (endpoint, client) = (target.endpoint, pair.client.engine)
      let server = pair.server
      let thread = try serveSteps(server, at: endpoint) { e, link in
        try e.accept(link, extra: nil, timeout: .seconds(timeoutSeconds))
        try e.halfCloseAll(link)
        let received = try e.receiveAll(link)
        #expect(failure { try e.sendAll(link, [1]) }?.cause == .system(.brokenPipe))
        return received
      }
      let link = try client.connectClient(to: endpoint)
      #expect(try client.receiveAll(link) == [])
      try client.sendAll(link, Array("after the end"))
      try client.halfCloseAll(link)
      #expect(failure { try client.sendAll(link, [1]) }?.cause == .system(.brokenPipe))
      #expect(try thread.value() == Array("after the end"))
      try client.close(link)
    }

    @Test(
      "A server that disconnects ends the conversation, and accepts the next client", arguments: pairs,
      LinkKind.allCases)
    func disconnect(_ pair: Pair, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let (endpoint, client, clients) = (target.endpoint, pair.client.engine, 2)
      let thread = try serveSteps(pair.server, at: endpoint) { e, link in
        for _ in 0..<clients {
          try e.accept(link, extra: nil, timeout: .seconds(timeoutSeconds))
          try e.sendAll(link, Array("hello"))
          try e.disconnect(link)
        }
      }
      for _ in 0..<clients {
        let link = try client.connectClient(to: endpoint)
        #expect(try client.receiveAll(link) == Array("hello"))
        try client.close(link)
      }
      try thread.value()
    }

    @Test("A peer that fails is a reset, after all that it sent before", arguments: pairs, LinkKind.allCases)
    func reset(_ pair: Pair, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let (endpoint, client) = (target.endpoint, pair.client.engine)
      let thread = try serveSteps(pair.server, at: endpoint) { e, link in
        try e.accept(link, extra: nil, timeout: .seconds(timeoutSeconds))
        try e.sendAll(link, [1, 2])
        try e.reset(link)
        try e.accept(link, extra: nil, timeout: .seconds(timeoutSeconds))
        let received = try e.receiveAll(link, atMost: 2)
        return (received, failure { _ = try e.receiveAll(link) }?.cause)
      }
      let link = try client.connectClient(to: endpoint)
      #expect(try client.receiveAll(link, atMost: 2) == [1, 2])
      #expect(failure { _ = try client.receiveAll(link) }?.cause == .system(.connectionReset))
      #expect(try client.receiveAll(link) == [], "a reset is reported once")
      #expect(failure { try client.sendAll(link, [1]) }?.cause == .system(.brokenPipe))
      try client.close(link)
      let next = try client.connectClient(to: endpoint)
      try client.sendAll(next, [3, 4])
      try client.reset(next)
      let (received, cause) = try thread.value()
      #expect(received == [3, 4])
      #expect(cause == .system(.connectionReset))
      try client.close(next)
    }

    @Test(
      "A wait ends when bytes arrive, when the extra descriptor is ready, or when the time is over",
      arguments: LinkKind.allCases)
    func wait(_ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      for which in EngineName.allCases {
        let e = which.engine
        let pipe = try TestSystem.pipe()
        let link = try e.listen(at: target.endpoint, LinkSizes(), observer: nil)
        expectFailure(.accept, .timedOut) { try e.accept(link, extra: pipe.first.lent, timeout: .milliseconds(20)) }
        _ = try TestSystem.write(pipe.second.number, [0])
        expectFailure(.accept, .canceled) { try e.accept(link, extra: pipe.first.lent, timeout: nil) }
        let endpoint = target.endpoint
        let client = try TestThread {
          let link = try which.engine.connectClient(to: endpoint)
          expectFailure(.wait, .timedOut) {
            _ = try which.engine.wait(link, for: .readable, extra: nil, timeout: .milliseconds(20))
          }
          #expect(try which.engine.wait(link, for: .writable, extra: nil, timeout: nil) == .writable)
          try which.engine.close(link)
        }
        try e.accept(link, extra: nil, timeout: .seconds(timeoutSeconds))
        #expect(try e.wait(link, for: [], extra: pipe.first.lent, timeout: nil) == .extra)
        #expect(try e.receiveAll(link) == [])
        try client.value()
        try e.close(link)
      }
    }

    @Test("Endpoints of other transports and invalid sizes are rejected")
    func invalidArguments() throws {
      let refused: [(Endpoint, Cause)] = [
        (.anyIPv4, .system(.addressFamilyNotSupported)), (.unix(path: [1]), .system(.addressFamilyNotSupported)),
        (.memory(name: Array("/x/y")), .syntax(.object)),
        (.pipe(path: []), .syntax(.fifo)), (.pipe(path: [UInt8](repeating: 1, count: 300)), .syntax(.fifo)),
        (.pipe(path: [65, 0]), .syntax(.fifo)), (.queue(name: Array("x")), .syntax(.object)),
        (.queue(name: Array("/") + [UInt8](repeating: 1, count: 300)), .syntax(.object)),
      ]
      for (endpoint, cause) in refused {
        for which in EngineName.allCases {
          let served = failure { _ = try which.engine.listen(at: endpoint, LinkSizes(), observer: nil) }
          #expect(served?.bare == Failure(.bind, cause), "\(which) \(endpoint)")
          let connected = failure { _ = try which.engine.connectClient(to: endpoint) }
          #expect(connected?.bare == Failure(.connect, cause), "\(which) \(endpoint)")
        }
      }
      let target = Endpoint.queue(name: Array("/diptych-refused"))
      for sizes in [
        LinkSizes(message: 63), LinkSizes(message: 1 << 25), LinkSizes(depth: 65_537), LinkSizes(ring: 32),
        LinkSizes(ring: 96),
      ] {
        for which in EngineName.allCases {
          expectFailure(.bind, .invalidArgument, at: target) {
            _ = try which.engine.listen(at: target, sizes, observer: nil)
          }
        }
      }
    }

    @Test(
      "A link that is not closed explicitly is closed with its owner, and the server's names are removed",
      arguments: EngineName.allCases, LinkKind.allCases)
    func noLeaks(_ which: EngineName, _ kind: LinkKind) async {
      await #expect(processExitsWith: .success) { [which, kind] in
        let target = try kind.makeEndpoint()
        let endpoint = target.endpoint
        func converse() throws {
          for _ in 1...20 {
            _ = try serveLink(which, .echo, at: endpoint) { _ in
              let answer = try TestThread { try which.engine.request(endpoint, [1, 2]) }.value()
              #expect(answer == [1, 2])
            }
          }
          #expect(failure { _ = try which.engine.connectClient(to: endpoint) } != nil)
          _ = try which.engine.listen(at: endpoint, LinkSizes(), observer: nil)
          #expect(
            failure { _ = try which.engine.listen(at: .pipe(path: Array("/none/x")), LinkSizes(), observer: nil) }
              != nil)
        }
        try converse()
        let before = TestSystem.openDescriptors()
        try converse()
        #expect(TestSystem.openDescriptors() == before)
      }
    }
  }
}
