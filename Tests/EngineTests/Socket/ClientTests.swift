internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ClientTests {
    @Test("A client connects", arguments: EngineName.allCases, Transport.allCases)
    func connect(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let listener = try RawListener(at: target.endpoint)
      let connection = try which.engine.openClient(
        [listener.endpoint], timeout: .seconds(timeoutSeconds), observer: nil)
      #expect(connection.endpoint == listener.endpoint)
      let peer = try listener.accept()
      try peer.send("hello")
      try which.engine.awaitInput(connection.descriptor)
      #expect(try which.engine.receive(connection.descriptor, atMost: 10) == Array("hello"))
    }

    @Test("Connecting without a listening server is refused", arguments: EngineName.allCases, Transport.allCases)
    func noServer(_ which: EngineName, _ transport: Transport) throws {
      let e = which.engine
      let target = try transport.makeEndpoint()
      // A socket that is bound but does not listen keeps others from listening there.
      let socket = try TestSystem.socket(for: target.endpoint)
      try TestSystem.bind(socket, to: target.endpoint)
      let endpoint = try e.local(socket)
      for timeout in [Duration?.none, .seconds(timeoutSeconds)] {
        let client = try e.create(for: endpoint)
        expectFailure(.connect, .connectionRefused) { try e.connect(client, to: endpoint, timeout: timeout) }
      }
      expectFailure(.connect, .connectionRefused, at: endpoint) {
        _ = try e.openClient([endpoint], timeout: nil, observer: nil)
      }
    }

    /// tcp(7) connects a bound socket to its own address, as it does a client whose port the kernel chose to be the
    /// server's.
    @Test(
      "A socket that the kernel connects to itself is refused, because no server listens",
      arguments: EngineName.allCases,
      [Endpoint.anyIPv4, .anyIPv6])
    func connectedToItself(_ which: EngineName, _ own: Endpoint) throws {
      let e = which.engine
      let client = try e.create(for: own)
      try TestSystem.bind(client, to: own)
      let endpoint = try e.local(client)
      expectFailure(.connect, .connectionRefused) {
        try e.connect(client, to: endpoint, timeout: .seconds(timeoutSeconds))
      }
    }

    @Test("Candidates that can't be connected to fail alike")
    func unusableCandidates() {
      let missing = Endpoint.unix(path: Array("/no such folder/socket"))
      let cases: [([Endpoint], Failure)] = [
        ([missing], Failure(.connect, .noSuchFileOrDirectory, at: missing)),
        ([.unix(path: Array("/dev/null"))], Failure(.connect, .connectionRefused, at: .unix(path: Array("/dev/null")))),
        ([.tcp(host: "name", port: 1)], Failure(.create, .name(EAI_NONAME), at: .tcp(host: "name", port: 1))),
        ([], Failure(.connect, .addressNotAvailable)),
      ]
      for (candidates, expected) in cases {
        let opened = resultFromBoth { e in
          try e.openClient(candidates, timeout: .seconds(timeoutSeconds), observer: nil).endpoint
        }
        #expect(opened == .failure(expected))
      }
    }

    @Test("The first candidate that accepts is used", arguments: EngineName.allCases)
    func candidates(_ which: EngineName) throws {
      let listener = try RawListener(at: .anyIPv6)
      let missing = Endpoint.unix(path: Array("/no such folder/socket"))
      let connection = try which.engine.openClient(
        [missing, .tcp(host: "name", port: 1), listener.endpoint, .original], timeout: .seconds(timeoutSeconds),
        observer: nil
      )
      #expect(connection.endpoint == listener.endpoint)
    }

    /// The reset comes while the client connects, or later: it must not matter, so there are many of them.
    @Test(
      "A server that sends, ends its stream and resets at once: the client receives all of the stream",
      arguments: EngineName.allCases)
    func resetAfterEnd(_ which: EngineName) throws {
      let listener = try RawListener(at: .anyIPv4)
      let (server, clients) = (listener.socket.number, 100)
      let thread = try TestThread {
        for _ in 0..<clients {
          let peer = try RawPeer(try TestSystem.accept(number: server))
          try peer.send("Server Message")
          try peer.halfClose()
          try peer.reset()
        }
      }
      for _ in 0..<clients {
        let connection = try which.engine.openClient(
          [listener.endpoint], timeout: .seconds(timeoutSeconds), observer: nil)
        try which.engine.awaitInput(connection.descriptor)
        let message = try connection.descriptor.readAll(atMost: 14)
        try which.engine.awaitInput(connection.descriptor)
        #expect(message == Array("Server Message".utf8) && !connection.wasReset)
        #expect(try connection.descriptor.readAll(atMost: 1) == [])
      }
      try thread.value()
    }

    /// The kernel of a TCP server does not answer; a Unix server's returns EAGAIN.
    @Test("Connecting to a full backlog ends with a timeout", arguments: EngineName.allCases, Transport.allCases)
    func timeout(_ which: EngineName, _ transport: Transport) throws {
      let e = which.engine
      let target = try transport.makeEndpoint()
      let listener = try RawListener(at: target.endpoint, backlog: 0)
      let filler = try BacklogFiller(of: listener.endpoint)
      for (timeout, least) in [(Duration.milliseconds(200), 200), (.zero, 0)] {
        let start = ContinuousClock.now
        let extra = try e.create(for: listener.endpoint)
        expectFailure(.connect, .timedOut) { try e.connect(extra, to: listener.endpoint, timeout: timeout) }
        let took = ContinuousClock.now - start
        #expect(took >= .milliseconds(least) && took < .seconds(timeoutSeconds))
        #expect(TestSystem.descriptorFlags(extra.number).nonBlocking)
      }
      expectFailure(.connect, .timedOut, at: listener.endpoint) {
        _ = try e.openClient([listener.endpoint, listener.endpoint], timeout: .milliseconds(50), observer: nil)
      }
      #expect(!filler.sockets.isEmpty)
    }

    @Test("No wait ends before its time, whenever it begins within a millisecond", arguments: EngineName.allCases)
    func shortWaits(_ which: EngineName) throws {
      let e = which.engine
      let listener = try RawListener(at: .anyIPv4, backlog: 0)
      let filler = try BacklogFiller(of: listener.endpoint)
      var shortest = Duration.seconds(timeoutSeconds)
      for _ in 0..<500 {
        let extra = try e.create(for: listener.endpoint)
        let start = ContinuousClock.now
        expectFailure(.connect, .timedOut) { try e.connect(extra, to: listener.endpoint, timeout: .milliseconds(1)) }
        shortest = min(shortest, ContinuousClock.now - start)
      }
      #expect(shortest >= .milliseconds(1))
      #expect(!filler.sockets.isEmpty)
    }

    @Test(
      "A client that waits for a full backlog connects when the server accepts", arguments: EngineName.allCases,
      [Transport.unix, .abstract])
    func fullBacklog(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let listener = try RawListener(at: target.endpoint, backlog: 0)
      let endpoint = listener.endpoint
      let filler = try BacklogFiller(of: endpoint)
      let announcement = try TestSystem.pipe()
      let writer = announcement.second.number
      let thread = try TestThread {
        let client = try which.engine.create(for: endpoint)
        // The first connect(2) returns EAGAIN, and the second one waits.
        faults_announce(.FAULTS_CONNECT, 1, writer)
        defer { faults_clear() }
        let refused = failure {
          try which.engine.connect(client, to: endpoint, timeout: .seconds(timeoutSeconds))
        }
        return (refused, TestSystem.descriptorFlags(client.number))
      }
      #expect(try announcement.first.readAll(atMost: 1).count == 1)
      for _ in filler.sockets { _ = try listener.accept() }
      let (refused, flags) = try thread.value()
      #expect(refused == nil)
      #expect(flags.nonBlocking)
      _ = try listener.accept()
    }
  }
}
