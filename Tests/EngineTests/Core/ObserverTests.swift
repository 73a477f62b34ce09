// The events that an observer receives. Both engines report the same ones.
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ObserverTests {
    private static let server = Endpoint.tcp(host: "127.0.0.1", port: 1)

    @Test("The steps of opening a server are reported")
    func openServer() throws {
      let events = try fromBoth { which in
        let recorder = EventRecorder()
        try which.engine.close(which.engine.openServer([.anyIPv4], backlog: 7, observer: recorder.observer))
        return recorder.masked()
      }
      #expect(
        events == [
          Event(.create, on: 0, endpoint: .anyIPv4), Event(.bind, on: 0, endpoint: Self.server),
          Event(.listen, on: 0, count: 7, endpoint: Self.server),
        ])
    }

    @Test("A candidate that fails is reported, and the next one is tried")
    func failedCandidates() throws {
      let (unresolved, foreign) = (Endpoint.tcp(host: "name", port: 0), Endpoint.tcp(host: "192.0.2.77", port: 0))
      let events = try fromBoth { which in
        let recorder = EventRecorder()
        try which.engine.close(
          which.engine.openServer([unresolved, foreign, .anyIPv6], backlog: 1, observer: recorder.observer))
        return recorder.masked()
      }
      let noName = Failure(.create, .name(EAI_NONAME), at: unresolved)
      let noAddress = Failure(.bind, .addressNotAvailable, at: foreign)
      #expect(events.map { $0.step } == [.create, .create, .bind, .create, .bind, .listen])
      #expect(events[0] == Event(.create, on: -1, endpoint: unresolved, failure: noName))
      #expect(events[2] == Event(.bind, on: 0, endpoint: foreign, failure: noAddress))
    }

    @Test(
      "The requested backlog is reported, even if it is out of range",
      arguments: [-1, 0, 1, 65_536, Int(CInt.max), Int.max])
    func backlog(_ backlog: Int) throws {
      let events = try fromBoth { which in
        let recorder = EventRecorder()
        try which.engine.close(which.engine.openServer([.anyIPv4], backlog: backlog, observer: recorder.observer))
        return recorder.masked()
      }
      #expect(events.last?.failure == nil)
    }

    @Test("The steps of opening a client are reported")
    func openClient() throws {
      let missing = Endpoint.unix(path: Array("/no such folder/socket"))
      let events = try fromBoth { which in
        let listener = try RawListener(at: .anyIPv4)
        let recorder = EventRecorder()
        _ = try which.engine.openClient(
          [missing, listener.endpoint], timeout: .seconds(timeoutSeconds), observer: recorder.observer)
        return recorder.masked()
      }
      #expect(
        events == [
          Event(.create, on: 0, endpoint: missing),
          Event(
            .connect, on: 0, endpoint: missing, failure: Failure(.connect, .noSuchFileOrDirectory, at: missing)),
          Event(.create, on: 0, endpoint: Self.server), Event(.connect, on: 0, endpoint: Self.server),
        ])
    }

    @Test("The steps of serving are reported, for each service", arguments: Transport.allCases)
    func serving(_ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let peer = target.endpoint.maskedWhenBound
      for (service, steps) in [
        (Service.greeting(Array("hi")), [(Step.accept, 0), (.send, 2), (.close, 0)]),
        (.message, [(.accept, 0), (.receive, 2), (.output, 24), (.send, 18), (.close, 0)]),
        (.echo, [(.accept, 0), (.receive, 2), (.send, 2), (.receive, 0), (.close, 0)]),
        (.discard, [(.accept, 0), (.receive, 2), (.receive, 0), (.close, 0)]),
      ] {
        let served = try fromBoth { which in
          try serve(which, service, at: target.endpoint) { server in
            let peer = try RawPeer(to: server.endpoint)
            if service == .greeting(Array("hi")) {
              #expect(try peer.receive(2) == Array("hi"))
            } else {
              try peer.send("x\n")
              if service == .echo { #expect(try peer.receive(2) == Array("x\n")) }
              if service == .message { #expect(try peer.receive(18).count == 18) }
            }
            try peer.halfClose()
            #expect(try peer.receiveToEnd() == [])
          }
        }
        let expected = steps.map { step, count in
          step == .output
            ? Event(.output, on: Role.output, count: count) : Event(step, on: 0, count: count, endpoint: peer)
        }
        #expect(served.events == expected, "\(service)")
      }
    }

    @Test("Chargen reports each buffer that it sends")
    func chargenSteps() throws {
      let served = try fromBoth { which in
        var served = try serve(which, .chargen) { server in
          let peer = try RawPeer(to: server.endpoint)
          #expect(try peer.receive(2 * Limit.buffer).count == 2 * Limit.buffer)
          try peer.reset()
        }
        // The client may leave at any time after the second buffer.
        let sends = served.events.filter { $0.step == .send && $0.failure == nil }
        #expect(sends.count >= 2 && sends.prefix(2).allSatisfy { $0.count == Limit.buffer })
        served.events.removeAll { $0.step == .send || $0.step == .receive }
        return served
      }
      #expect(served.failure == nil)
      #expect(
        served.events == [Event(.accept, on: 0, endpoint: Self.server), Event(.close, on: 0, endpoint: Self.server)])
    }

    @Test("The steps of relaying are reported", arguments: Transport.allCases)
    func relaying(_ transport: Transport) throws {
      let relayed = try fromBoth { which in
        let run = try RelayHarness(which, over: transport)
        try run.start()
        try run.writeInput("abc")
        #expect(try run.peer!.receive(3) == Array("abc"))
        try run.peer!.send("de")
        #expect(try run.written(2) == Array("de"))
        run.input = nil
        #expect(try run.peer!.receiveToEnd() == [])
        run.peer = nil
        return try run.wait()
      }
      #expect(relayed.failure == nil)
      let local = [Event(.input, on: Role.input, count: 3), Event(.output, on: Role.output, count: 2)]
      #expect(relayed.events.map { $0.step } == [.input, .send, .receive, .output, .input, .halfClose, .receive])
      #expect(relayed.events.map { $0.count } == [3, 3, 2, 2, 0, 0, 0])
      #expect([relayed.events[0], relayed.events[3]] == local)
      #expect(relayed.events.allSatisfy { ($0.endpoint == nil) == ($0.step == .input || $0.step == .output) })
    }
  }
}
