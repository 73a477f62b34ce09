internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// The client's two-way copy over a link.
  @Suite struct LinkRelayTests {
    @Test(arguments: LinkTests.pairs, LocalTransport.allCases)
    func muchGoesBothWaysAtOnce(_ pair: LinkTests.Pair, _ transport: LocalTransport) throws {
      var random = Seed.generator(for: .linkSplits, 2)
      let bytes = random.bytes(1_000_000...1_200_000)
      let place = try transport.place()
      let endpoint = place.endpoint
      let served = try host(pair.server, .echo, at: endpoint) { _ in
        let run = try CarryRun(pair.client, to: endpoint)
        try run.start()
        let (input, output) = (run.inputNumber, run.outputNumber)
        let giver = try Worker { try Kernel.writeAll(input, bytes) }
        let reader = try Worker { try Kernel.readAll(output, atMost: .max) }
        try giver.value()
        run.input = nil
        expectBytes(try reader.value(), bytes)
        #expect(try run.wait().failure == nil)
      }
      #expect(served.failure == nil)
    }

    /// The server's end is the end, whether or not input is left.
    @Test(arguments: LocalTransport.allCases)
    func theServersEndIsTheEnd(_ transport: LocalTransport) throws {
      let place = try transport.place()
      let endpoint = place.endpoint
      let relayed = try same { which in
        var relayed: Relayed?
        _ = try host(which, .greeting(Array("hi")), at: endpoint) { _ in
          let run = try CarryRun(which, to: endpoint)
          try run.start()
          #expect(try run.written() == Array("hi"))
          relayed = try run.wait()
        }
        return relayed
      }
      #expect(relayed?.failure == nil)
      #expect(relayed?.events.map { $0.step } == [.receive, .output, .receive])
    }

    @Test(arguments: LocalTransport.allCases)
    func ownEndsThatFailAreTold(_ transport: LocalTransport) throws {
      let place = try transport.place()
      let endpoint = place.endpoint
      let gone = try same { which in
        var failure: Failure?
        _ = try host(which, .greeting(Array("hi")), at: endpoint) { _ in
          let run = try CarryRun(which, to: endpoint)
          run.output = nil
          try run.start()
          failure = try run.wait().failure
        }
        return failure
      }
      #expect(gone == Failure(.output, .brokenPipe))
      let wrong = try same { which in
        var failure: Failure?
        _ = try host(which, .echo, at: endpoint) { _ in
          let run = try CarryRun(which, to: endpoint)
          run.input = nil
          try run.start(input: try Kernel.open("/tmp", O_RDONLY))
          failure = try run.wait().failure
        }
        return failure
      }
      #expect(wrong == Failure(.input, .isDirectory))
    }
  }
}
