// Bulk that goes straight from the connection into a pipe.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SpliceTests {
    private static let data = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

    /// Sends all of it while the output is read; what was written.
    private static func copy(_ run: RelayRun, faults: [Fault] = []) throws -> [UInt8] {
      let (peer, output) = (run.peerNumber, run.outputNumber)
      let sender = try Worker { try Kernel.writeAll(peer, data) }
      try run.await(waiting: 30_000)
      try run.start(faults: faults)
      let reader = try Worker { try Kernel.readAll(output, atMost: .max) }
      _ = try sender.value()
      run.peer = nil
      return try reader.value()
    }

    @Test(arguments: Which.allCases, Transport.allCases)
    func bulkLosesNothing(_ which: Which, _ transport: Transport) throws {
      let run = try RelayRun(which, over: transport)
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

    /// A kernel, or a kind of pipe, that can't: it is copied as before.
    @Test(arguments: Which.allCases)
    func whatCantBeSplicedIsCopied(_ which: Which) throws {
      let run = try RelayRun(which)
      expectBytes(try Self.copy(run, faults: [.fail(.FAULTS_SPLICE, .invalidArgument)]), Self.data)
      #expect(try run.wait().failure == nil)
    }

    /// A pipe that does not block is waited for.
    @Test(arguments: Which.allCases)
    func aFullPipeIsWaitedFor(_ which: Which) throws {
      let run = try RelayRun(which, over: .unix)
      let faults = [Fault.fail(.FAULTS_SPLICE, .resourceTemporarilyUnavailable, after: 1, times: 5)]
      expectBytes(try Self.copy(run, faults: faults), Self.data)
      #expect(try run.wait().failure == nil)
    }

    @Test func failuresNameTheirStep() throws {
      let server = Endpoint.tcp(host: "127.0.0.1", port: 1)
      for (error, expected) in [
        (Errno.brokenPipe, Failure(.output, .brokenPipe)),
        (.connectionReset, Failure(.receive, .connectionReset, at: server)),
        (.noMemory, Failure(.receive, .noMemory, at: server)),
      ] {
        let failed = try same { which in
          let run = try RelayRun(which)
          try Kernel.writeAll(run.peerNumber, Array(Self.data.prefix(60_000)))
          try run.await(waiting: 60_000)
          try run.start(faults: [.cap(.FAULTS_RECV, 20_000), .fail(.FAULTS_SPLICE, error)])
          let relayed = try run.wait()
          #expect(relayed.events.last?.failure == relayed.failure)
          return relayed.failure
        }
        #expect(failed == expected)
      }
    }

    /// While the reader of the output rests, and the pipe is full of all that came, input still goes up.
    @Test(arguments: Which.allCases, [Transport.ipv4, .unix])
    func aFullPipeHoldsNoInputBack(_ which: Which, _ transport: Transport) throws {
      let run = try RelayRun(which, over: transport)
      let room = try Kernel.room(ofPipe: run.outputNumber)
      let data = Array(Self.data.prefix(room))
      try run.start()
      try Kernel.writeAll(run.peerNumber, data)
      let end = ContinuousClock.now + .seconds(patience)
      while try Kernel.waiting(run.outputNumber) < room {
        guard ContinuousClock.now < end else { throw Overdue("a full pipe") }
        _ = try Kernel.isReadable(-1, within: 1)
      }
      try run.give("up")
      #expect(try run.peer!.receive(2) == Array("up"))
      run.peer = nil
      expectBytes(try run.written(), data)
      #expect(try run.wait().failure == nil)
    }
  }
}
