// Bulk data that the kernel moves from the connection into a pipe.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SpliceTests {
    private static let data = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

    /// Sends all data, and returns what the client writes.
    private static func copy(_ run: RelayHarness, faults: [Fault] = []) throws -> [UInt8] {
      let (peer, output) = (run.peerNumber, run.outputNumber)
      let sender = try TestThread { try TestSystem.writeAll(peer, data) }
      try run.awaitArrival(of: 30_000)
      try run.start(faults: faults)
      let reader = try TestThread { try TestSystem.readAll(output, atMost: .max) }
      _ = try sender.value()
      run.peer = nil
      return try reader.value()
    }

    @Test(
      "Spliced bytes are complete despite interruptions and short counts", arguments: EngineName.allCases,
      Transport.allCases)
    func bulk(_ which: EngineName, _ transport: Transport) throws {
      let run = try RelayHarness(which, over: transport)
      let faults = [
        Fault.fail(.FAULTS_SPLICE, .interrupted, times: 3), .cap(.FAULTS_SPLICE, 20_001), .cap(.FAULTS_RECV, 50_000),
      ]
      expectBytes(try Self.copy(run, faults: faults), Self.data)
      let relayed = try run.wait()
      #expect(relayed.failure == nil)
      let moved = relayed.events.filter { $0.step == .output }.map(\.count)
      #expect(moved == relayed.events.filter { $0.step == .receive && $0.count > 0 }.map(\.count))
      #expect(moved.reduce(0, +) == Self.data.count)
    }

    @Test("Bytes are copied if the kernel can't splice them", arguments: EngineName.allCases)
    func fallback(_ which: EngineName) throws {
      let run = try RelayHarness(which)
      expectBytes(try Self.copy(run, faults: [.fail(.FAULTS_SPLICE, .invalidArgument)]), Self.data)
      #expect(try run.wait().failure == nil)
    }

    @Test("The relay waits for a pipe that is full and does not block", arguments: EngineName.allCases)
    func nonBlockingPipe(_ which: EngineName) throws {
      let run = try RelayHarness(which, over: .unix)
      let faults = [Fault.fail(.FAULTS_SPLICE, .resourceTemporarilyUnavailable, after: 1, times: 5)]
      expectBytes(try Self.copy(run, faults: faults), Self.data)
      #expect(try run.wait().failure == nil)
    }

    /// splice(2) does not pass an urgent byte.
    @Test(
      "The bytes behind an urgent byte are written, whether the server closes or not", arguments: EngineName.allCases,
      [false, true])
    func urgentByte(_ which: EngineName, _ closes: Bool) throws {
      let (before, behind) = (Array(Self.data.prefix(30_000)), Array(Self.data.suffix(30_000)))
      let run = try RelayHarness(which)
      try run.peer!.send(before, urgent: 0x21, behind)
      if closes { run.peer = nil }
      try run.awaitArrival(of: before.count)
      try run.start()
      expectBytes(try run.written(before.count + behind.count), before + behind)
      if !closes {
        try run.writeInput("up")
        #expect(try run.peer!.receive(2) == Array("up"))
        run.peer = nil
      }
      #expect(try run.written() == [])
      #expect(try run.wait().failure == nil)
    }

    @Test("A failed splice is reported as a failure of the side that caused it")
    func failures() throws {
      let server = Endpoint.tcp(host: "127.0.0.1", port: 1)
      for (error, expected) in [
        (Errno.brokenPipe, Failure(.output, .brokenPipe)),
        (.connectionReset, Failure(.receive, .connectionReset, at: server)),
        (.noMemory, Failure(.receive, .noMemory, at: server)),
      ] {
        let failed = try fromBoth { which in
          let run = try RelayHarness(which)
          try TestSystem.writeAll(run.peerNumber, Array(Self.data.prefix(60_000)))
          try run.awaitArrival(of: 60_000)
          try run.start(faults: [.cap(.FAULTS_RECV, 20_000), .fail(.FAULTS_SPLICE, error)])
          let relayed = try run.wait()
          #expect(relayed.events.last?.failure == relayed.failure)
          return relayed.failure
        }
        #expect(failed == expected)
      }
    }

    @Test(
      "Input still goes to the server while the output is full", arguments: EngineName.allCases,
      [Transport.ipv4, .unix])
    func fullPipe(_ which: EngineName, _ transport: Transport) throws {
      let run = try RelayHarness(which, over: transport)
      let capacity = try TestSystem.capacity(ofPipe: run.outputNumber)
      let data = Array(Self.data.prefix(capacity))
      try run.start()
      try TestSystem.writeAll(run.peerNumber, data)
      let end = ContinuousClock.now + .seconds(timeoutSeconds)
      while try TestSystem.unreadBytes(run.outputNumber) < capacity {
        guard ContinuousClock.now < end else { throw TimeoutError("filling the pipe") }
        try TestSystem.pause(milliseconds: 1)
      }
      try run.writeInput("up")
      #expect(try run.peer!.receive(2) == Array("up"))
      run.peer = nil
      expectBytes(try run.written(), data)
      #expect(try run.wait().failure == nil)
    }
  }
}
