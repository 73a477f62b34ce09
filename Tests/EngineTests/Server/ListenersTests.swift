// A server with several listeners.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ListenersTests {
    @Test(
      "A server serves the clients of all its listeners, and a client without a name has its listener's endpoint",
      arguments: EngineName.allCases, [1, 3])
    func allListeners(_ which: EngineName, workers: Int) throws {
      let listeners = try Transport.allCases.map { try Listening($0) }
      let recorder = EventRecorder()
      let options = ServeOptions(keepOpen: true, workers: workers)
      let failure = try serve(which, .echo, on: listeners, options, recorder: recorder) { _ in
        for round in 1...5 {
          for listening in listeners {
            let peer = try RawPeer(to: listening.endpoint)
            try peer.send("round \(round)")
            try peer.halfClose()
            #expect(try peer.receiveToEnd() == Array("round \(round)"))
          }
        }
      }
      #expect(failure == nil)
      let peers = recorder.events.filter { $0.step == .close }.map(\.endpoint)
      #expect(peers.count == 5 * listeners.count)
      for listening in listeners {
        let isTCP = listening.endpoint.port != nil
        #expect(peers.filter { $0 == listening.endpoint }.count == (isTCP ? 0 : 5), "\(listening.endpoint)")
      }
    }

    @Test("The limit of clients is for all listeners together, which have their turns", arguments: EngineName.allCases)
    func rotation(_ which: EngineName) throws {
      let listeners = [try Listening(.unix), try Listening(.abstract), try Listening(.unix)]
      let waiting = try (0..<9).map { PeerBox(try RawPeer(to: listeners[$0 / 3].endpoint)) }
      for client in waiting { try client.peer.send("x") }
      let recorder = EventRecorder()
      let options = ServeOptions(keepOpen: true, limits: ClientLimits(clients: 1))
      let failure = try serve(which, .echo, on: listeners, options, recorder: recorder) { _ in
        // By turns: the first client of each listener, then the second one of each.
        for index in [0, 3, 6, 1, 4, 7, 2, 5, 8] {
          #expect(try waiting[index].peer.receive(1) == Array("x"), "client \(index)")
          try waiting[index].peer.halfClose()
          #expect(try waiting[index].peer.receiveToEnd() == [])
        }
      }
      #expect(failure == nil)
      let steps = recorder.events.map(\.step).filter { $0 == .accept || $0 == .close }
      #expect(steps == Array(repeating: [.accept, .close], count: 9).flatMap(\.self))
    }

    @Test("Without keepOpen, the first client of any listener is the only one", arguments: EngineName.allCases)
    func oneClient(_ which: EngineName) throws {
      let listeners = [try Listening(.ipv4), try Listening(.unix)]
      let failure = try serve(which, .greeting(Array("hi")), on: listeners, ServeOptions()) { stop in
        let answer = try RawPeer.receiveAll(from: listeners[1].endpoint)
        #expect(answer == Array("hi"))
        #expect(try TestSystem.isReadable(stop, within: CInt(timeoutSeconds * 1000)), "the server has ended")
      }
      #expect(failure == nil)
    }

    @Test("A shortage is reported once, and pauses all listeners", arguments: EngineName.allCases)
    func shortage(_ which: EngineName) throws {
      let listeners = [try Listening(.ipv4), try Listening(.unix)]
      let waiting = try listeners.map { PeerBox(try RawPeer(to: $0.endpoint)) }
      let recorder = EventRecorder()
      let faults = [Fault.fail(.FAULTS_ACCEPT, .tooManyOpenFiles, times: 2)]
      let options = ServeOptions(keepOpen: true)
      let failure = try serve(which, .greeting(Array("hi")), on: listeners, options, faults, recorder: recorder) { _ in
        let answers = try waiting.map { try $0.peer.receiveToEnd() }
        #expect(answers == [Array("hi"), Array("hi")])
      }
      #expect(failure == nil)
      let failures = recorder.events.compactMap(\.failure)
      #expect(failures == [Failure(.accept, .tooManyOpenFiles, at: listeners[0].endpoint)])
    }

    @Test("A listener that breaks ends the server, and is named", arguments: EngineName.allCases, [1, 2])
    func brokenListener(_ which: EngineName, workers: Int) throws {
      let listeners = [try Listening(.unix), try Listening(.ipv4)]
      let options = ServeOptions(keepOpen: true, workers: workers)
      let failure = try serve(which, .echo, on: listeners, options) { stop in
        let connected = try RawPeer(to: listeners[0].endpoint)
        try connected.send("x")
        #expect(try connected.receive(1) == Array("x"))
        try TestSystem.stopListening(listeners[1].listener.socket)
        #expect(try TestSystem.isReadable(stop, within: CInt(timeoutSeconds * 1000)), "the server has ended")
      }
      #expect(failure == Failure(.accept, .invalidArgument, at: listeners[1].endpoint))
    }

    @Test("More listeners than the limit are an error", arguments: [1, 2])
    func tooManyListeners(workers: Int) throws {
      let failures = try fromBoth { which in
        let listeners = try (0...Limit.listeners).map { _ in try Listening(.abstract) }
        let options = ServeOptions(keepOpen: true, workers: workers)
        let most = try serve(which, .echo, on: Array(listeners.dropLast()), options) { _ in
          let peer = try RawPeer(to: listeners[Limit.listeners - 1].endpoint)
          try peer.send("x")
          #expect(try peer.receive(1) == Array("x"))
        }
        #expect(most == nil)
        return try serve(which, .echo, on: listeners, options) { _ in }?.masked
      }
      #expect(failures == Failure(.listen, .invalidArgument, at: .abstract(name: Array("masked"))))
    }

    @Test(
      "At a stop, the clients in the backlogs of all listeners are accepted, and later clients are refused",
      arguments: EngineName.allCases, [1, 3])
    func stop(_ which: EngineName, workers: Int) throws {
      let first = try Transport.ipv4.makeEndpoint()
      let second = try Transport.unix.makeEndpoint()
      var server = try which.engine.openServer([first.endpoint], backlog: 16, observer: nil)
      server.next = .init(try which.engine.openServer([second.endpoint], backlog: 16, observer: nil))
      let endpoints = server.endpoints
      #expect(endpoints.map(\.masked) == [first.endpoint.maskedWhenBound, second.endpoint.masked])
      let waiting = try endpoints.map { PeerBox(try RawPeer(to: $0)) }
      for client in waiting {
        try client.peer.send("x")
        try client.peer.halfClose()
      }
      let stop = try TestSystem.socketPair()
      _ = try TestSystem.send(stop.second.number, [0])
      let options = ServeOptions(
        keepOpen: true, stop: stop.first.lent, drain: .seconds(timeoutSeconds), workers: workers)
      try which.engine.serve(server, .echo, options, observer: nil)
      for endpoint in endpoints { #expect(throws: Errno.self) { _ = try RawPeer(to: endpoint) } }
      try which.engine.close(server)
      for client in waiting { #expect(try client.peer.receiveToEnd() == Array("x")) }
      for endpoint in endpoints { #expect(throws: Errno.self) { _ = try RawPeer(to: endpoint) } }
      if case .unix(let path) = second.endpoint { #expect(throws: Errno.self) { try TestSystem.status(path) } }
    }
  }
}

/// A listener that a supervisor would pass.
private final class Listening {
  private let target: TestEndpoint
  let listener: RawListener
  var endpoint: Endpoint { listener.endpoint }

  init(_ transport: Transport) throws {
    target = try transport.makeEndpoint()
    listener = try RawListener(at: target.endpoint)
  }
}

/// Adopts copies of the descriptors as the listeners of one server.
private func adopt(_ which: EngineName, _ numbers: ArraySlice<CInt>) throws -> Server {
  var server = try which.engine.adopt(numbers.first!)
  if numbers.count > 1 { server.next = .init(try adopt(which, numbers.dropFirst())) }
  return server
}

/// Serves until the conversation has ended, then stops the server. Returns its failure. The conversation gets a
/// descriptor that is readable once the server has ended.
private func serve(
  _ which: EngineName, _ service: Service, on listeners: [Listening], _ options: ServeOptions, _ faults: [Fault] = [],
  recorder: EventRecorder = EventRecorder(), _ conversation: (CInt) throws -> Void
) throws -> Failure? {
  let stop = try TestSystem.socketPair().release()
  let numbers = listeners.map { $0.listener.socket.number }
  let thread = try TestThread {
    let stop = Descriptor(owning: stop.first)
    var options = options
    options.stop = stop.lent
    let server = try adopt(which, numbers[...])
    let (ended, missed) = FaultInjection.run(faults) {
      failure { try which.engine.serve(server, service, options, observer: recorder.observer) }
    }
    FaultInjection.expectNoneMissed(missed)
    try which.engine.close(server)
    return ended
  }
  let ours = Descriptor(owning: stop.second)
  let talked = Result { try conversation(ours.number) }
  _ = try? TestSystem.send(ours.number, [0])
  let ended = try thread.value()
  try talked.get()
  return ended
}
