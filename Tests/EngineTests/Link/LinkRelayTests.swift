internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// The client's copy in both directions over a link.
  @Suite struct LinkRelayTests {
    @Test("A megabyte goes both ways at once", arguments: LinkTests.pairs, LinkKind.allCases)
    func bothDirections(_ pair: LinkTests.Pair, _ kind: LinkKind) throws {
      var random = Seed.generator(for: .linkSplits, 2)
      let bytes = random.bytes(1_000_000...1_200_000)
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      let served = try serveLink(pair.server, .echo, at: endpoint) { _ in
        let run = try LinkRelayHarness(pair.client, to: endpoint)
        try run.start()
        let (input, output) = (run.inputNumber, run.outputNumber)
        let writer = try TestThread { try TestSystem.writeAll(input, bytes) }
        let reader = try TestThread { try TestSystem.readAll(output, atMost: .max) }
        try writer.value()
        run.input = nil
        expectBytes(try reader.value(), bytes)
        #expect(try run.wait().failure == nil)
      }
      #expect(served.failure == nil)
    }

    @Test("The relay ends when the server closes, even if input is left", arguments: LinkKind.allCases)
    func serverCloses(_ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      let relayed = try relayFromBoth(.greeting(Array("hi")), at: endpoint) { run in
        try run.start()
        #expect(try run.written() == Array("hi"))
      }
      #expect(relayed.failure == nil)
      #expect(relayed.events.map { $0.step } == [.receive, .output, .receive])
    }

    @Test("A relay fails after its idle time, and names the server", arguments: LinkKind.allCases)
    func idle(_ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      let relayed = try relayFromBoth(.echo, at: endpoint) { run in
        try run.start(options: RelayOptions(idle: .milliseconds(50)))
      }
      #expect(relayed.failure == Failure(.wait, .timedOut, at: endpoint.masked))
    }

    /// A server that half-closes first, and the options that make the relay send after that.
    @Test(
      "A relay that keeps sending ends at the end of both", arguments: LinkTests.pairs, LinkKind.allCases)
    func keepsSending(_ pair: LinkTests.Pair, _ kind: LinkKind) throws {
      for options in [RelayOptions(keepsSending: true), RelayOptions(direction: .send)] {
        let target = try kind.makeEndpoint()
        let endpoint = target.endpoint
        let server = try serveSteps(pair.server, at: endpoint) { e, link in
          try e.accept(link, extra: nil, timeout: .seconds(timeoutSeconds))
          try e.sendAll(link, Array("bye"))
          try e.halfCloseAll(link)
          return try e.receiveAll(link)
        }
        let run = try LinkRelayHarness(pair.client, to: endpoint)
        try run.start(options: options)
        if options.direction == .both { #expect(try run.written(3) == Array("bye")) }
        try TestSystem.pause(milliseconds: 20)
        try TestSystem.writeAll(run.inputNumber, [UInt8](repeating: 7, count: 500_000))
        run.input = nil
        #expect(try run.written() == [])
        #expect(try run.wait().failure == nil)
        expectBytes(try server.value(), [UInt8](repeating: 7, count: 500_000))
      }
    }

    @Test(
      "A relay that keeps sending fails if the server does not accept all input, also if it goes on to other clients",
      arguments: LinkTests.pairs, LinkKind.allCases)
    func refused(_ pair: LinkTests.Pair, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      for keepOpen in [false, true] {
        var failed: Failure?
        _ = try serveLink(pair.server, .greeting(Array("hi")), at: endpoint, keepOpen: keepOpen) { server in
          let run = try LinkRelayHarness(pair.client, to: endpoint)
          try run.start(options: RelayOptions(keepsSending: true))
          #expect(try run.written(2) == Array("hi"))
          let end = ContinuousClock.now + .seconds(timeoutSeconds)
          while (try? TestSystem.writeAll(run.inputNumber, [1])) != nil, ContinuousClock.now < end {
            try TestSystem.pause(milliseconds: 1)
          }
          run.input = nil
          failed = try run.wait().failure
          if keepOpen { server.stop() }
        }
        #expect(failed == Failure(.send, .brokenPipe, at: endpoint.masked), "goes on: \(keepOpen)")
      }
    }

    @Test("A relay that only receives neither reads its input nor half-closes", arguments: LinkKind.allCases)
    func receivesOnly(_ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      let relayed = try relayFromBoth(.greeting(Array("hi")), at: endpoint) { run in
        run.input = nil
        try run.start(options: RelayOptions(direction: .receive))
        #expect(try run.written() == Array("hi"))
      }
      #expect(relayed.failure == nil)
      #expect(relayed.events.map { $0.step } == [.receive, .output, .receive])
    }

    @Test("A failure of the relay's own input or output is reported", arguments: LinkKind.allCases)
    func ownEnds(_ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      let gone = try relayFromBoth(.greeting(Array("hi")), at: endpoint) { run in
        run.output = nil
        try run.start()
      }
      #expect(gone.failure == Failure(.output, .brokenPipe))
      let wrong = try relayFromBoth(.echo, at: endpoint) { run in
        run.input = nil
        try run.start(input: try TestSystem.open("/tmp", O_RDONLY))
      }
      #expect(wrong.failure == Failure(.input, .isDirectory))
    }

    /// Serves a client of the same engine that relays. The body starts the relay and uses its ends.
    private func relay(
      _ which: EngineName, _ service: Service, at endpoint: Endpoint, _ body: (LinkRelayHarness) throws -> Void
    ) throws -> RelayOutcome {
      var relayed: RelayOutcome?
      _ = try serveLink(which, service, at: endpoint) { _ in
        let run = try LinkRelayHarness(which, to: endpoint)
        try body(run)
        relayed = try run.wait()
      }
      return try #require(relayed)
    }

    /// The same with each engine; their outcomes must be equal.
    private func relayFromBoth(
      _ service: Service, at endpoint: Endpoint, _ body: (LinkRelayHarness) throws -> Void
    ) throws -> RelayOutcome {
      try fromBoth { which in try relay(which, service, at: endpoint, body) }
    }
  }
}
