internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ClientTests {
    @Test(arguments: Which.allCases, Transport.allCases)
    func aClientConnects(_ which: Which, _ transport: Transport) throws {
      let place = try transport.place()
      let listener = try Listener(at: place.endpoint)
      let connection = try which.engine.openClient([listener.endpoint], timeout: .seconds(patience), observer: nil)
      #expect(connection.endpoint == listener.endpoint)
      let peer = try listener.accept()
      try peer.send("hello")
      try which.engine.awaitInput(connection.descriptor)
      #expect(try which.engine.receive(connection.descriptor, atMost: 10) == Array("hello"))
    }

    @Test(arguments: Which.allCases, Transport.allCases)
    func whereNobodyListensItIsRefused(_ which: Which, _ transport: Transport) throws {
      let e = which.engine
      let place = try transport.place()
      // Bound and not listening: nobody else can come to listen there.
      let socket = try Kernel.socket(for: place.endpoint)
      try Kernel.bind(socket, to: place.endpoint)
      let endpoint = try e.local(socket)
      for timeout in [Duration?.none, .seconds(patience)] {
        let client = try e.create(for: endpoint)
        expectFailure(.connect, .connectionRefused) { try e.connect(client, to: endpoint, timeout: timeout) }
      }
      expectFailure(.connect, .connectionRefused, at: endpoint) {
        _ = try e.openClient([endpoint], timeout: nil, observer: nil)
      }
    }

    @Test func whatIsNotThereFailsAlike() {
      let missing = Endpoint.unix(path: Array("/no such folder/socket"))
      let cases: [([Endpoint], Failure)] = [
        ([missing], Failure(.connect, .noSuchFileOrDirectory, at: missing)),
        ([.unix(path: Array("/dev/null"))], Failure(.connect, .connectionRefused, at: .unix(path: Array("/dev/null")))),
        ([.tcp(host: "name", port: 1)], Failure(.create, .name(EAI_NONAME), at: .tcp(host: "name", port: 1))),
        ([], Failure(.connect, .addressNotAvailable)),
      ]
      for (candidates, expected) in cases {
        let opened = both { e in
          try e.openClient(candidates, timeout: .seconds(patience), observer: nil).endpoint
        }
        #expect(opened == .failure(expected))
      }
    }

    @Test(arguments: Which.allCases)
    func theFirstCandidateThatAnswersIsTaken(_ which: Which) throws {
      let listener = try Listener(at: .anyIPv6)
      let missing = Endpoint.unix(path: Array("/no such folder/socket"))
      let connection = try which.engine.openClient(
        [missing, .tcp(host: "name", port: 1), listener.endpoint, .original], timeout: .seconds(patience), observer: nil
      )
      #expect(connection.endpoint == listener.endpoint)
    }

    /// A queue that is full: a TCP server's kernel does not answer, a Unix server's says EAGAIN.
    @Test(arguments: Which.allCases, Transport.allCases)
    func connectingHasALimit(_ which: Which, _ transport: Transport) throws {
      let e = which.engine
      let place = try transport.place()
      let listener = try Listener(at: place.endpoint, backlog: 0)
      let fillers = try Fillers(of: listener.endpoint)
      for (timeout, least) in [(Duration.milliseconds(200), 200), (.zero, 0)] {
        let start = ContinuousClock.now
        let extra = try e.create(for: listener.endpoint)
        expectFailure(.connect, .timedOut) { try e.connect(extra, to: listener.endpoint, timeout: timeout) }
        let took = ContinuousClock.now - start
        #expect(took >= .milliseconds(least) && took < .seconds(patience))
        #expect(Kernel.descriptorFlags(extra.number).nonBlocking)
      }
      expectFailure(.connect, .timedOut, at: listener.endpoint) {
        _ = try e.openClient([listener.endpoint, listener.endpoint], timeout: .milliseconds(50), observer: nil)
      }
      #expect(!fillers.sockets.isEmpty)
    }

    /// As before, but the server comes to accept while the client waits.
    @Test(arguments: Which.allCases, [Transport.unix, .abstract])
    func aPlaceThatGetsFreeIsTaken(_ which: Which, _ transport: Transport) throws {
      let place = try transport.place()
      let listener = try Listener(at: place.endpoint, backlog: 0)
      let endpoint = listener.endpoint
      let fillers = try Fillers(of: endpoint)
      let told = try Kernel.pipe()
      let writer = told.second.number
      let worker = try Worker {
        let client = try which.engine.create(for: endpoint)
        // The first call is EAGAIN, the second waits.
        faults_announce(.FAULTS_CONNECT, 1, writer)
        defer { faults_clear() }
        let refused = failure {
          try which.engine.connect(client, to: endpoint, timeout: .seconds(patience))
        }
        return (refused, Kernel.descriptorFlags(client.number))
      }
      #expect(try told.first.readAll(atMost: 1).count == 1)
      for _ in fillers.sockets { _ = try listener.accept() }
      let (refused, flags) = try worker.value()
      #expect(refused == nil)
      #expect(flags.nonBlocking)
      _ = try listener.accept()
    }
  }
}

/// Connections that nobody accepts, as many as fill a queue.
private final class Fillers {
  private(set) var sockets: [CInt] = []

  init(of endpoint: Endpoint) throws(Errno) {
    while true {
      let socket = try Kernel.socket(for: endpoint, nonBlocking: true)
      do throws(Errno) {
        try Kernel.connect(socket, to: endpoint)
      } catch .resourceTemporarilyUnavailable {
        return
      } catch .nowInProgress {
        // Loopback answers at once, if it does.
        if !(try Kernel.isWritable(socket.number, within: 100)) {
          sockets.append(socket.release())
          return
        }
      }
      sockets.append(socket.release())
    }
  }

  deinit { for socket in sockets { _ = Descriptor(owning: socket) } }
}
