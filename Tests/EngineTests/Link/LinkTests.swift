internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// The steps of a link, each engine with each.
  @Suite struct LinkTests {
    static let pairs = Which.allCases.flatMap { server in Which.allCases.map { Pair(server: server, client: $0) } }

    struct Pair: CustomTestStringConvertible, Sendable {
      let server, client: Which
      var testDescription: String { "\(server)-server with \(client)-client" }
    }

    @Test(arguments: pairs, LocalTransport.allCases)
    func bytesGoBothWays(_ pair: Pair, _ transport: LocalTransport) throws {
      var random = Seed.generator(for: .linkSplits, 0)
      let bytes = random.bytes(100_000...200_000)
      let pieces = random.pieces(bytes, atMost: 20_000)
      let place = try transport.place()
      let served = try host(pair.server, .echo, at: place.endpoint) { server in
        let (client, endpoint) = (pair.client, server.endpoint)
        let answer = try Worker {
          let link = try client.engine.client(of: endpoint)
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
      #expect(served.failure == nil, "\(Seed.value)")
      #expect(place.present.isEmpty, "left over")
    }

    /// The client ends, and still receives; the server ends, and still would.
    @Test(arguments: pairs, LocalTransport.allCases)
    func eachDirectionEndsByItself(_ pair: Pair, _ transport: LocalTransport) throws {
      let place = try transport.place()
      let (endpoint, client) = (place.endpoint, pair.client.engine)
      let server = pair.server
      let worker = try serveSteps(server, at: endpoint) { e, link in
        try e.accept(link, extra: nil, timeout: .seconds(patience))
        try e.halfCloseAll(link)
        let heard = try e.receiveAll(link)
        #expect(failure { try e.sendAll(link, [1]) }?.cause == .system(.brokenPipe))
        return heard
      }
      let link = try client.client(of: endpoint)
      #expect(try client.receiveAll(link) == [])
      try client.sendAll(link, Array("after the end"))
      try client.halfCloseAll(link)
      #expect(failure { try client.sendAll(link, [1]) }?.cause == .system(.brokenPipe))
      #expect(try worker.value() == Array("after the end"))
      try client.close(link)
    }

    @Test(arguments: LocalTransport.allCases)
    func waitingEndsForManyReasons(_ transport: LocalTransport) throws {
      let place = try transport.place()
      for which in Which.allCases {
        let e = which.engine
        let pipe = try Kernel.pipe()
        let link = try e.listen(at: place.endpoint, LinkSizes(), observer: nil)
        expectFailure(.accept, .timedOut) { try e.accept(link, extra: pipe.first.lent, timeout: .milliseconds(20)) }
        _ = try Kernel.write(pipe.second.number, [0])
        expectFailure(.accept, .canceled) { try e.accept(link, extra: pipe.first.lent, timeout: nil) }
        let endpoint = place.endpoint
        let client = try Worker {
          let link = try which.engine.client(of: endpoint)
          expectFailure(.wait, .timedOut) {
            _ = try which.engine.wait(link, for: .readable, extra: nil, timeout: .milliseconds(20))
          }
          #expect(try which.engine.wait(link, for: .writable, extra: nil, timeout: nil) == .writable)
          try which.engine.close(link)
        }
        try e.accept(link, extra: nil, timeout: .seconds(patience))
        #expect(try e.wait(link, for: [], extra: pipe.first.lent, timeout: nil) == .extra)
        #expect(try e.receiveAll(link) == [])
        try client.value()
        try e.close(link)
      }
    }

    @Test func otherTransportsAreRefused() throws {
      let refused: [(Endpoint, Cause)] = [
        (.anyIPv4, .system(.addressFamilyNotSupported)), (.unix(path: [1]), .system(.addressFamilyNotSupported)),
        (.memory(name: Array("/x/y")), .syntax(.object)),
        (.pipe(path: []), .syntax(.fifo)), (.pipe(path: [UInt8](repeating: 1, count: 300)), .syntax(.fifo)),
        (.pipe(path: [65, 0]), .syntax(.fifo)), (.queue(name: Array("x")), .syntax(.object)),
        (.queue(name: Array("/") + [UInt8](repeating: 1, count: 300)), .syntax(.object)),
      ]
      for (endpoint, cause) in refused {
        for which in Which.allCases {
          let served = failure { _ = try which.engine.listen(at: endpoint, LinkSizes(), observer: nil) }
          #expect(served?.bare == Failure(.bind, cause), "\(which) \(endpoint)")
          let connected = failure { _ = try which.engine.client(of: endpoint) }
          #expect(connected?.bare == Failure(.connect, cause), "\(which) \(endpoint)")
        }
      }
      let place = Endpoint.queue(name: Array("/diptych-refused"))
      for sizes in [
        LinkSizes(message: 63), LinkSizes(message: 1 << 25), LinkSizes(depth: 65_537), LinkSizes(ring: 32),
        LinkSizes(ring: 96),
      ] {
        for which in Which.allCases {
          expectFailure(.bind, .invalidArgument, at: place) {
            _ = try which.engine.listen(at: place, sizes, observer: nil)
          }
        }
      }
    }

    /// An end that nobody closes is closed with its owner, and a server's names go.
    @Test(arguments: Which.allCases, LocalTransport.allCases)
    func nothingStaysOpen(_ which: Which, _ transport: LocalTransport) async {
      await #expect(processExitsWith: .success) { [which, transport] in
        let place = try transport.place()
        let endpoint = place.endpoint
        func talk() throws {
          for _ in 1...20 {
            _ = try host(which, .echo, at: endpoint) { _ in
              let answer = try Worker { try which.engine.ask(endpoint, [1, 2]) }.value()
              #expect(answer == [1, 2])
            }
          }
          #expect(failure { _ = try which.engine.client(of: endpoint) } != nil)
          _ = try which.engine.listen(at: endpoint, LinkSizes(), observer: nil)
          #expect(
            failure { _ = try which.engine.listen(at: .pipe(path: Array("/none/x")), LinkSizes(), observer: nil) }
              != nil)
        }
        try talk()
        let before = Kernel.openDescriptors()
        try talk()
        #expect(Kernel.openDescriptors() == before)
      }
    }
  }
}
