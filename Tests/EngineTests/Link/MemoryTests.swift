internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// Conversations over shared memory: each at rings of its own, and what a former client can do to them.
  @Suite struct MemoryTests {
    private static let death = Errno(rawValue: 130)  // EOWNERDEAD
    private static let garbage = Errno(rawValue: 74)  // EBADMSG

    /// What a client leaves unread, or sent and nobody took, is not the next one's.
    @Test(arguments: LinkTests.pairs)
    func eachConversationHasFreshRings(_ pair: LinkTests.Pair) throws {
      let place = try LocalPlace(.memory)
      let (endpoint, client) = (place.endpoint, pair.client.engine)
      _ = try host(pair.server, .echo, at: endpoint, keepOpen: true, sizes: LinkSizes(ring: 64)) { server in
        for round in 1...50 as ClosedRange<UInt8> {
          let link = try client.client(of: endpoint)
          _ = try client.send(link, [UInt8](repeating: round, count: 64).span)
          try client.close(link)
          #expect(try client.ask(endpoint, [round, 1]) == [round, 1])
        }
        server.stop()
      }
      #expect(place.present.isEmpty)
      #expect(try Kernel.mappings(of: place.names[0]) == 0)
    }

    /// A client whose conversation the server has ended keeps its turn until it leaves, and is not served again.
    @Test(arguments: LinkTests.pairs)
    func aTurnIsServedOnce(_ pair: LinkTests.Pair) throws {
      let place = try LocalPlace(.memory)
      let (endpoint, client) = (place.endpoint, pair.client.engine)
      let ended = try Kernel.pipe()
      let number = ended.second.number
      let worker = try serveSteps(pair.server, at: endpoint) { e, link in
        try e.accept(link, extra: nil, timeout: .seconds(patience))
        try e.sendAll(link, [1, 2, 3])
        try e.disconnect(link)
        expectFailure(.accept, .timedOut) { try e.accept(link, extra: nil, timeout: .milliseconds(300)) }
        _ = try Kernel.write(number, [0])
        try e.accept(link, extra: nil, timeout: .seconds(patience))
        return try e.receiveAll(link)
      }
      let link = try client.client(of: endpoint)
      #expect(try Kernel.readAll(ended.first.number, atMost: 1) == [0])
      #expect(try client.receiveAll(link) == [1, 2, 3], "it stands there until it was taken")
      #expect(failure { try client.sendAll(link, [1]) }?.cause == .system(.brokenPipe))
      try client.close(link)
      _ = try client.ask(endpoint, [7])
      #expect(try worker.value() == [7])
    }

    /// An end whose lock is gone has died: that is told within a second, after all that it had sent, and to who waits for
    /// room too.
    @Test(arguments: LinkTests.pairs)
    func deathIsToldAfterTheBytes(_ pair: LinkTests.Pair) throws {
      for isFull in [false, true] {
        let place = try LocalPlace(.memory)
        let (endpoint, client) = (place.endpoint, pair.client.engine)
        let worker = try serveSteps(pair.server, at: endpoint, sizes: LinkSizes(ring: 64)) { e, link in
          try e.accept(link, extra: nil, timeout: .seconds(patience))
          #expect(try e.receiveAll(link, atMost: 2) == [1, 2])
          let start = ContinuousClock.now
          let died = failure {
            if isFull { try e.sendAll(link, [UInt8](repeating: 0, count: 65)) } else { _ = try e.receiveAll(link) }
          }
          #expect(ContinuousClock.now - start < .seconds(1))
          return died
        }
        let link = try client.client(of: endpoint)
        try client.sendAll(link, [1, 2])
        try Kernel.unlock(link.number)
        #expect(try worker.value() == Failure(isFull ? .send : .receive, Self.death), "full: \(isFull)")
        try client.close(link)
      }
    }

    @Test(arguments: LinkTests.pairs)
    func aServersDeathIsToldToo(_ pair: LinkTests.Pair) throws {
      for isFull in [false, true] {
        let over = try Kernel.pipe()
        let number = over.first.number
        let place = try LocalPlace(.memory)
        let (endpoint, client) = (place.endpoint, pair.client.engine)
        let worker = try serveSteps(pair.server, at: endpoint, sizes: LinkSizes(ring: 64)) { e, link in
          try e.accept(link, extra: nil, timeout: .seconds(patience))
          try e.sendAll(link, [1, 2])
          try Kernel.unlock(link.number)
          _ = try Kernel.isReadable(number, within: CInt(patience * 1000))
        }
        let link = try client.client(of: endpoint)
        let died = failure {
          if isFull { try client.sendAll(link, [UInt8](repeating: 0, count: 200)) }
          #expect(try client.receiveAll(link, atMost: 2) == [1, 2])
          _ = try client.receiveAll(link)
        }
        #expect(died == Failure(isFull ? .send : .receive, isFull ? .brokenPipe : Self.death), "full: \(isFull)")
        try client.close(link)
        _ = try Kernel.write(over.second.number, [0])
        try worker.value()
      }
    }

    /// A third party writes anything over every word of the object, its lobby too, while both ends talk. All ends in bytes
    /// or in an error, in its time; the server goes on, and serves the next client as if nothing had been.
    @Test(arguments: LinkTests.pairs)
    func garbageEndsAConversationAtMost(_ pair: LinkTests.Pair) throws {
      let property = Property.objectScribbles
      let place = try LocalPlace(.memory)
      let (endpoint, client) = (place.endpoint, pair.client)
      let recording = Recording()
      var told: Set<Cause?> = []
      let sizes = LinkSizes(ring: 4096)
      let served = try host(
        pair.server, .echo, at: endpoint, keepOpen: true, sizes: sizes, recording: recording
      ) { server in
        let name = place.names[0]
        for index in 0..<property.planned {
          let stop = Flag()
          let scribbler = try Worker { try Self.scribble(name, Seed.generator(for: property, index), stop) }
          let talker = try Worker { failure { try Self.talk(client, endpoint, stop) }?.cause }
          try Kernel.pause(milliseconds: 30)
          stop.raise()
          try scribbler.value()
          told.insert(try talker.value())
          let object = try Kernel.open(path: name, Kernel.readWrite)
          try Kernel.write(object, MemoryObjectTests.head(), at: 0)
        }
        let answer = try Worker { try client.engine.ask(endpoint, [1, 2, 3]) }.value()
        #expect(answer == [1, 2, 3], "DIPTYCH_SEED=\(Seed.value)")
        server.stop()
      }
      #expect(served.failure == nil, "DIPTYCH_SEED=\(Seed.value)")
      let known: Set<Cause?> = [
        nil, .system(Self.garbage), .system(.brokenPipe), .system(.timedOut), .system(Self.death), .local(.kind),
      ]
      #expect(told.isSubset(of: known), "DIPTYCH_SEED=\(Seed.value): \(told.subtracting(known))")
      let failures: Set<Cause?> = Set(served.events.map { $0.failure?.cause })
      #expect(failures.isSubset(of: known), "DIPTYCH_SEED=\(Seed.value): \(failures.subtracting(known))")
    }

    private static func scribble(_ name: [UInt8], _ random: SplitMix64, _ stop: Flag) throws {
      var random = random
      let object = try Kernel.open(path: name, Kernel.readWrite)
      let words = [8, 16] + RingStep.words.map { 4096 + $0 }
      while !stop.isRaised {
        let word = random.oneIn(4) ? 4 * random.number(0...(16_384 / 4 - 1)) : random.pick(words)
        let value = random.oneIn(2) ? UInt32(random.number(0...64)) : random.scribble()
        try Kernel.write(object, (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }, at: word)
        if random.oneIn(8) { try Kernel.pause(milliseconds: random.number(0...2)) }
      }
    }

    /// Sends and receives, whatever comes, until it fails or the time is over.
    private static func talk(_ client: Which, _ endpoint: Endpoint, _ stop: Flag) throws {
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
