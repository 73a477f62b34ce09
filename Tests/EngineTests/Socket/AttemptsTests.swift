// A client tries several addresses side by side. A server with a full backlog answers no further client.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct AttemptsTests {
    @Test("If an address does not answer, the client connects to the next one after a quarter of a second")
    func silentAddress() throws {
      let silent = try SilentServer(.anyIPv6)
      let listener = try RawListener(at: .anyIPv4)
      let steps = try fromBoth { which in
        let recorder = EventRecorder()
        let start = SuspendingClock.now
        let connection = try which.engine.openClient(
          [silent.endpoint, listener.endpoint], timeout: .seconds(timeoutSeconds), observer: recorder.observer)
        let took = SuspendingClock.now - start
        #expect(took >= Limit.attemptDelay && took < .seconds(timeoutSeconds))
        #expect(connection.endpoint == listener.endpoint)
        #expect(try which.engine.peer(connection.descriptor) == listener.endpoint)
        return recorder.steps
      }
      #expect(steps == ["create \(silent.endpoint)", "create \(listener.endpoint)", "connect \(listener.endpoint)"])
    }

    @Test("The first address can still accept after the next one was tried", arguments: EngineName.allCases)
    func sideBySide(_ which: EngineName) throws {
      let first = try SilentServer(.anyIPv6)
      let second = try SilentServer(.anyIPv4)
      let endpoints = [first.endpoint, second.endpoint]
      let recorder = EventRecorder()
      let thread = try TestThread {
        try which.engine.openClient(endpoints, timeout: .seconds(timeoutSeconds), observer: recorder.observer).endpoint
      }
      try recorder.wait(until: "the second address is tried") { events in events.count == 2 }
      // Linux sends the request to connect again after a second.
      for _ in first.filler.sockets { _ = try first.listener.accept() }
      #expect(try thread.value() == first.endpoint)
      #expect(recorder.steps == endpoints.map { "create \($0)" } + ["connect \(first.endpoint)"])
    }

    @Test(
      "A Unix server whose backlog is full does not delay the next one, and is tried again",
      arguments: EngineName.allCases)
    func fullBacklog(_ which: EngineName) throws {
      let first = try Transport.unix.makeEndpoint()
      let second = try Transport.unix.makeEndpoint()
      let (full, missing) = (first.endpoint, Endpoint.unix(path: Array("/tmp/diptych-missing/socket".utf8)))
      let crowded = try RawListener(at: full, backlog: 0)
      let listener = try RawListener(at: second.endpoint)
      let filler = try BacklogFiller(of: full)
      let start = SuspendingClock.now
      let connection = try which.engine.openClient(
        [full, listener.endpoint], timeout: .seconds(timeoutSeconds), observer: nil)
      #expect(connection.endpoint == listener.endpoint)
      #expect(SuspendingClock.now - start < .seconds(timeoutSeconds / 2))
      let recorder = EventRecorder()
      let thread = try TestThread {
        try which.engine.openClient(
          [full, missing], timeout: .seconds(timeoutSeconds), observer: recorder.observer
        ).endpoint
      }
      try recorder.wait(until: "the second one has failed") { $0.contains { $0.failure != nil } }
      for _ in filler.sockets { _ = try crowded.accept() }
      #expect(try thread.value() == full)
      #expect(recorder.failures == [Failure(.connect, .noSuchFileOrDirectory, at: missing)])
    }

    @Test("After a failure the client tries the next address at once")
    func failuresDoNotDelay() throws {
      let silent = try SilentServer(.anyIPv6)
      let taken = try TakenPort()
      let listener = try RawListener(at: .anyIPv4)
      let count = 40
      let candidates = [silent.endpoint] + Array(repeating: taken.endpoint, count: count) + [listener.endpoint]
      let failures = try fromBoth { which in
        let recorder = EventRecorder()
        let start = SuspendingClock.now
        let connection = try which.engine.openClient(
          candidates, timeout: .seconds(timeoutSeconds), observer: recorder.observer)
        #expect(SuspendingClock.now - start < Limit.attemptDelay * count)
        #expect(connection.endpoint == listener.endpoint)
        return recorder.failures
      }
      #expect(failures == Array(repeating: Failure(.connect, .connectionRefused, at: taken.endpoint), count: count))
    }

    @Test("The time limit is for all addresses together, and each one fails for its own reason")
    func ownReasons() throws {
      let silent = [try SilentServer(.anyIPv6), try SilentServer(.anyIPv4)]
      let taken = try TakenPort()
      let candidates = [silent[0].endpoint, taken.endpoint, silent[1].endpoint]
      let failures = fromBothEngines { which, observer in
        try which.engine.openClient(candidates, timeout: .milliseconds(1500), observer: observer).endpoint
      }
      let expected = [
        Failure(.connect, .connectionRefused, at: taken.endpoint), Failure(.connect, .timedOut, at: silent[0].endpoint),
        Failure(.connect, .timedOut, at: silent[1].endpoint),
      ]
      #expect(failures == expected)
    }

    @Test("An address that was not tried before the time limit is not reported", arguments: [0, 50])
    func untried(_ milliseconds: Int) throws {
      let silent = try SilentServer(.anyIPv6)
      let listener = try RawListener(at: .anyIPv4)
      let failures = fromBothEngines { which, observer in
        try which.engine.openClient(
          [silent.endpoint, listener.endpoint], timeout: .milliseconds(milliseconds), observer: observer
        ).endpoint
      }
      #expect(failures == [Failure(.connect, .timedOut, at: silent.endpoint)])
    }

    @Test("More addresses than can be tried side by side are tried one after the other")
    func manyAddresses() throws {
      let taken = try TakenPort()
      let listener = try RawListener(at: .anyIPv4)
      let candidates = Array(repeating: taken.endpoint, count: 2 * Limit.candidates) + [listener.endpoint]
      let connected = resultFromBoth { e in
        try e.openClient(candidates, timeout: .seconds(timeoutSeconds), observer: nil).endpoint
      }
      #expect(connected == .success(listener.endpoint))
    }

    @Test("A client connects from the source, and from no source of another kind", arguments: Transport.allCases)
    func source(_ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let listener = try RawListener(at: target.endpoint)
      for which in EngineName.allCases {
        let own = try transport.makeEndpoint()
        let recorder = EventRecorder()
        let options = ConnectOptions(timeout: .seconds(timeoutSeconds), source: own.endpoint)
        let connection = try which.engine.openClient([listener.endpoint], options, observer: recorder.observer)
        #expect(try which.engine.local(connection.descriptor).masked == own.endpoint.maskedWhenBound)
        #expect(recorder.events.map(\.step) == [.create, .bind, .connect])
        _ = try listener.accept()
      }
      for other in Transport.allCases where other != transport {
        let source = try other.makeEndpoint()
        let failures = fromBothEngines { which, observer in
          try which.engine.openClient(
            [listener.endpoint], ConnectOptions(source: source.endpoint), observer: observer
          ).endpoint
        }
        #expect(failures == [Failure(.bind, .addressFamilyNotSupported, at: source.endpoint)])
      }
    }

    @Test("If waiting fails, all attempts end with its error")
    func failedWait() throws {
      let silent = try SilentServer(.anyIPv6)
      let failures = fromBothEngines { which, observer in
        try FaultInjection.during([.fail(.FAULTS_POLL, .noMemory, after: 1)]) {
          try which.engine.openClient(
            [silent.endpoint, silent.endpoint], timeout: .seconds(timeoutSeconds), observer: observer
          ).endpoint
        }
      }
      #expect(failures == Array(repeating: Failure(.connect, .noMemory, at: silent.endpoint), count: 2))
    }

    /// In a process of its own, where no other test opens descriptors.
    @Test("The sockets of all other attempts are closed", arguments: EngineName.allCases)
    func closed(_ which: EngineName) async {
      await #expect(processExitsWith: .success) { [which] in
        let silent = try SilentServer(.anyIPv6)
        let listener = try RawListener(at: .anyIPv4)
        let before = TestSystem.openDescriptors().count
        let connection = try which.engine.openClient(
          [silent.endpoint, silent.endpoint, listener.endpoint], timeout: .seconds(timeoutSeconds), observer: nil)
        #expect(TestSystem.openDescriptors().count == before + 1)
        _ = consume connection
        let failed = failure {
          _ = try which.engine.openClient(
            [silent.endpoint, silent.endpoint], timeout: .milliseconds(400), observer: nil)
        }
        #expect(failed?.cause == .system(.timedOut))
        #expect(TestSystem.openDescriptors().count == before)
      }
    }
  }
}

/// A server that answers no client, because its backlog is full.
private final class SilentServer {
  let listener: RawListener
  let filler: BacklogFiller
  var endpoint: Endpoint { listener.endpoint }

  init(_ endpoint: Endpoint) throws(Errno) {
    let listener = try RawListener(at: endpoint, backlog: 0)
    filler = try BacklogFiller(of: listener.endpoint)
    self.listener = listener
  }
}

/// A port where no server listens, and where no other program can listen.
private struct TakenPort: ~Copyable {
  private let socket: Descriptor
  let endpoint: Endpoint

  init() throws(Errno) {
    let socket = try TestSystem.socket(for: .anyIPv4)
    try TestSystem.bind(socket, to: .anyIPv4)
    endpoint = .tcp(host: "127.0.0.1", port: try TestSystem.port(of: socket))
    self.socket = socket
  }
}

/// Expects that both engines fail alike, with the last failure that they report; returns all that they report.
private func fromBothEngines(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: (EngineName, Observer) throws -> Endpoint
) -> [Failure] {
  let reported = EngineName.allCases.map { which in
    let recorder = EventRecorder()
    let failed = failure { _ = try body(which, recorder.observer) }
    #expect(failed != nil && failed == recorder.failures.last, sourceLocation: sourceLocation)
    return recorder.failures
  }
  #expect(reported[0] == reported[1], "c and swift differ", sourceLocation: sourceLocation)
  return reported[1]
}

extension EventRecorder {
  fileprivate var failures: [Failure] { events.compactMap(\.failure) }

  /// The steps that succeeded or failed, with their endpoints.
  fileprivate var steps: [String] { events.map { "\($0.step) \($0.endpoint.map { "\($0)" } ?? "")" } }
}
