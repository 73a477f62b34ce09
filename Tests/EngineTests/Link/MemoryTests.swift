internal import Crowd
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// Conversations over shared memory: fresh rings, the death of an end, and corruption.
  @Suite struct MemoryTests {
    private static let ownerDead = Errno(rawValue: EOWNERDEAD)
    private static let badMessage = Errno(rawValue: EBADMSG)

    /// The next client sees neither bytes that the client before left unread nor bytes that it sent.
    @Test("Each conversation has fresh rings", arguments: LinkTests.pairs)
    func freshRings(_ pair: LinkTests.Pair) throws {
      let target = try LinkTestEndpoint(.memory)
      let (endpoint, client) = (target.endpoint, pair.client.engine)
      _ = try serveLink(pair.server, .echo, at: endpoint, keepOpen: true, sizes: LinkSizes(ring: 64)) { server in
        for round in 1...50 as ClosedRange<UInt8> {
          let link = try client.connectClient(to: endpoint)
          _ = try client.send(link, [UInt8](repeating: round, count: 64).span)
          try client.close(link)
          #expect(try client.request(endpoint, [round, 1]) == [round, 1])
        }
        server.stop()
      }
      #expect(target.present.isEmpty)
      #expect(try TestSystem.mappings(of: target.names[0]) == 0)
    }

    /// It keeps its ticket until it leaves.
    @Test("A client whose conversation has ended is not served again", arguments: LinkTests.pairs)
    func noSecondService(_ pair: LinkTests.Pair) throws {
      let target = try LinkTestEndpoint(.memory)
      let (endpoint, client) = (target.endpoint, pair.client.engine)
      let ended = try TestSystem.pipe()
      let number = ended.second.number
      let thread = try serveSteps(pair.server, at: endpoint) { e, link in
        try e.accept(link, extra: nil, timeout: .seconds(timeoutSeconds))
        try e.sendAll(link, [1, 2, 3])
        try e.disconnect(link)
        expectFailure(.accept, .timedOut) { try e.accept(link, extra: nil, timeout: .milliseconds(300)) }
        _ = try TestSystem.write(number, [0])
        try e.accept(link, extra: nil, timeout: .seconds(timeoutSeconds))
        return try e.receiveAll(link)
      }
      let link = try client.connectClient(to: endpoint)
      #expect(try TestSystem.readAll(ended.first.number, atMost: 1) == [0])
      #expect(try client.receiveAll(link) == [1, 2, 3], "the bytes remain until they are received")
      #expect(failure { try client.sendAll(link, [1]) }?.cause == .system(.brokenPipe))
      try client.close(link)
      _ = try client.request(endpoint, [7])
      #expect(try thread.value() == [7])
    }

    /// A client whose lock is gone has died. A server that waits for space detects this too.
    @Test(
      "The server detects within a second that its client died, after it has received all bytes",
      arguments: LinkTests.pairs)
    func clientDeath(_ pair: LinkTests.Pair) throws {
      for isFull in [false, true] {
        let target = try LinkTestEndpoint(.memory)
        let (endpoint, client) = (target.endpoint, pair.client.engine)
        let thread = try serveSteps(pair.server, at: endpoint, sizes: LinkSizes(ring: 64)) { e, link in
          try e.accept(link, extra: nil, timeout: .seconds(timeoutSeconds))
          #expect(try e.receiveAll(link, atMost: 2) == [1, 2])
          let start = ContinuousClock.now
          let died = failure {
            if isFull { try e.sendAll(link, [UInt8](repeating: 0, count: 65)) } else { _ = try e.receiveAll(link) }
          }
          #expect(ContinuousClock.now - start < .seconds(1))
          return died
        }
        let link = try client.connectClient(to: endpoint)
        try client.sendAll(link, [1, 2])
        try TestSystem.unlock(link.number)
        #expect(try thread.value() == Failure(isFull ? .send : .receive, Self.ownerDead), "ring full: \(isFull)")
        try client.close(link)
      }
    }

    @Test("The client detects that its server died", arguments: LinkTests.pairs)
    func serverDeath(_ pair: LinkTests.Pair) throws {
      for isFull in [false, true] {
        let finished = try TestSystem.pipe()
        let number = finished.first.number
        let target = try LinkTestEndpoint(.memory)
        let (endpoint, client) = (target.endpoint, pair.client.engine)
        let thread = try serveSteps(pair.server, at: endpoint, sizes: LinkSizes(ring: 64)) { e, link in
          try e.accept(link, extra: nil, timeout: .seconds(timeoutSeconds))
          try e.sendAll(link, [1, 2])
          try TestSystem.unlock(link.number)
          _ = try TestSystem.isReadable(number, within: CInt(timeoutSeconds * 1000))
        }
        let link = try client.connectClient(to: endpoint)
        let died = failure {
          if isFull { try client.sendAll(link, [UInt8](repeating: 0, count: 200)) }
          #expect(try client.receiveAll(link, atMost: 2) == [1, 2])
          _ = try client.receiveAll(link)
        }
        #expect(
          died == Failure(isFull ? .send : .receive, isFull ? .brokenPipe : Self.ownerDead), "ring full: \(isFull)")
        try client.close(link)
        _ = try TestSystem.write(finished.second.number, [0])
        try thread.value()
      }
    }

    /// A third party overwrites any word of the object, also of its rendezvous, while both ends send. Each conversation ends in
    /// time, with bytes or an error; the server continues and serves the next client as usual.
    @Test("Corrupt shared memory can only end the current conversation", arguments: LinkTests.pairs)
    func garbageEndsAConversationAtMost(_ pair: LinkTests.Pair) throws {
      let property = Property.objectCorruption
      let target = try LinkTestEndpoint(.memory)
      let (endpoint, client) = (target.endpoint, pair.client)
      let recorder = EventRecorder()
      var causes: Set<Cause?> = []
      let sizes = LinkSizes(ring: 4096)
      let served = try serveLink(
        pair.server, .echo, at: endpoint, keepOpen: true, sizes: sizes, recorder: recorder
      ) { server in
        let name = target.names[0]
        for index in 0..<property.planned {
          let stop = Flag()
          let corrupter = try TestThread { try Self.corrupt(name, Seed.generator(for: property, index), stop) }
          let converser = try TestThread { failure { try Self.converse(client, endpoint, stop) }?.cause }
          try TestSystem.pause(milliseconds: 30)
          stop.raise()
          try corrupter.value()
          causes.insert(try converser.value())
          let object = try TestSystem.open(path: name, TestSystem.readWrite)
          try TestSystem.write(object, MemoryObjectTests.head(), at: 0)
        }
        let answer = try TestThread { try client.engine.request(endpoint, [1, 2, 3]) }.value()
        #expect(answer == [1, 2, 3], "DIPTYCH_SEED=\(Seed.value)")
        server.stop()
      }
      #expect(served.failure == nil, "DIPTYCH_SEED=\(Seed.value)")
      let known: Set<Cause?> = [
        nil, .system(Self.badMessage), .system(.brokenPipe), .system(.timedOut), .system(Self.ownerDead), .local(.kind),
        .system(.connectionReset),
      ]
      #expect(causes.isSubset(of: known), "DIPTYCH_SEED=\(Seed.value): \(causes.subtracting(known))")
      let failures: Set<Cause?> = Set(served.events.map { $0.failure?.cause })
      #expect(failures.isSubset(of: known), "DIPTYCH_SEED=\(Seed.value): \(failures.subtracting(known))")
    }

    private static func corrupt(_ name: [UInt8], _ random: SplitMix64, _ stop: Flag) throws {
      var random = random
      let object = try TestSystem.open(path: name, TestSystem.readWrite)
      let words = [8, 16] + RingStep.words.map { 4096 + $0 }
      while !stop.isRaised {
        let word = random.oneIn(4) ? 4 * random.number(0...(16_384 / 4 - 1)) : random.pick(words)
        let value = random.oneIn(2) ? UInt32(random.number(0...64)) : random.corruption()
        try TestSystem.write(object, (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }, at: word)
        if random.oneIn(8) { try TestSystem.pause(milliseconds: random.number(0...2)) }
      }
    }

    /// Sends and receives until the flag is raised, the stream ends or an error occurs.
    private static func converse(_ client: EngineName, _ endpoint: Endpoint, _ stop: Flag) throws {
      let e = client.engine
      let link = try e.connect(to: endpoint, waits: true, timeout: .milliseconds(200), observer: nil)
      let bytes = [UInt8](repeating: 65, count: 3000)
      var buffer = bytes
      while !stop.isRaised {
        _ = try e.send(link, bytes.span)
        var span = buffer.mutableSpan
        if try e.receive(link, into: &span) == 0 { break }
        _ = try e.wait(link, for: .readable, extra: nil, timeout: .milliseconds(20))
      }
      try e.close(link)
    }
  }
}
