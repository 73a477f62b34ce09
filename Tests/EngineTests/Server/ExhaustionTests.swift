// A server that stays open while the system lacks resources or clients leave.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ExhaustionTests {
    private static let client = Endpoint.tcp(host: "127.0.0.1", port: 1)

    @Test(
      "A server that stays open reports once that accepting failed, pauses and continues",
      arguments: [
        Errno.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noBufferSpace, .noMemory,
      ])
    func acceptPause(_ error: Errno) throws {
      let start = ContinuousClock.now
      let served = try fromBoth { which in
        try serve(
          which, .greeting(Array("hi")), keepOpen: true, faults: [.fail(.FAULTS_ACCEPT, error, times: 2)]
        ) { server in
          let received = try RawPeer.receiveAll(from: server.endpoint)
          #expect(received == Array("hi"))
          server.stop()
        }
      }
      #expect(served.failure == nil)
      let failure = Failure(.accept, error, at: Self.client)
      #expect(served.events.first == Event(.accept, on: Role.listener, endpoint: Self.client, failure: failure))
      #expect(served.events.map { $0.step } == [.accept, .accept, .send, .close])
      #expect(ContinuousClock.now - start >= Limit.acceptPause * 2)
    }

    /// Errors of accept(2) that are about a client, a firewall or the system, and a few that it does not list.
    private static let passing = [
      Errno.notPermitted, .permissionDenied, .notSupportedOnSocket, .timedOut, .connectionReset, .protocolNotSupported,
      .socketTypeNotSupported, .noFunction, .ioError, .connectionRefused,
    ]

    @Test(
      "An error of accepting that is not the listener's is reported once, and the waiting client is served",
      arguments: passing, [false, true])
    func passingError(_ error: Errno, keepOpen: Bool) throws {
      let start = ContinuousClock.now
      let served = try fromBoth { which in
        try serve(
          which, .greeting(Array("hi")), keepOpen: keepOpen, faults: [.fail(.FAULTS_ACCEPT, error, times: 2)]
        ) { server in
          let received = try RawPeer.receiveAll(from: server.endpoint)
          #expect(received == Array("hi"))
          server.stop()
        }
      }
      #expect(served.failure == nil)
      let failure = Failure(.accept, error, at: Self.client)
      #expect(served.events.first == Event(.accept, on: Role.listener, endpoint: Self.client, failure: failure))
      #expect(served.events.map { $0.step } == [.accept, .accept, .send, .close])
      #expect(ContinuousClock.now - start >= Limit.acceptPause * 2)
    }

    @Test("A server of a single client reports that accepting failed, pauses, and serves its client")
    func singleClient() throws {
      let served = try fromBoth { which in
        try serve(
          which, .greeting(Array("hi")), faults: [.fail(.FAULTS_ACCEPT, .tooManyOpenFiles, times: 2)]
        ) { server in
          let received = try RawPeer.receiveAll(from: server.endpoint)
          #expect(received == Array("hi"))
        }
      }
      #expect(served.failure == nil)
      let failure = Failure(.accept, .tooManyOpenFiles, at: Self.client)
      #expect(served.events.map { $0.failure } == [failure, nil, nil, nil])
    }

    @Test(
      "An error of the listener itself ends a server, and resets the client that waits",
      arguments: [Errno.badFileDescriptor, .badAddress, .invalidArgument, .notSocket], [false, true])
    func brokenListener(_ error: Errno, keepOpen: Bool) throws {
      let served = try fromBoth { which in
        try serve(which, .echo, keepOpen: keepOpen, faults: [.fail(.FAULTS_ACCEPT, error)]) { server in
          let error = try RawPeer(to: server.endpoint).receiveToFailure().error
          #expect(error == .connectionReset)
        }
      }
      #expect(served.failure == Failure(.accept, error, at: Self.client))
      #expect(served.events.map { $0.failure } == [served.failure])
    }

    @Test(
      "A server that fails resets a client over TCP, and ends one over a Unix socket, whether or not it has sent",
      arguments: [Transport.ipv4, .unix], [false, true])
    func failedServer(_ transport: Transport, sends: Bool) throws {
      let target = try transport.makeEndpoint()
      let served = try fromBoth { which in
        try serve(
          which, .echo, at: target.endpoint, keepOpen: true,
          faults: [.fail(.FAULTS_ACCEPT, .invalidArgument, after: 2)]
        ) { server in
          let first = try RawPeer(to: server.endpoint)
          try first.send("x")
          let echo = try first.receive(1)
          #expect(echo == Array("x"))
          if sends { try first.send("y") }
          let second = try RawPeer(to: server.endpoint)
          _ = second.receiveToFailure()
          let error = first.receiveToFailure().error
          #expect(error == (transport == .unix ? nil : .connectionReset))
        }.failure?.bare
      }
      #expect(served == Failure(.accept, .invalidArgument))
    }

    @Test(
      "Endless errors of clients that left do not delay a stop", arguments: EngineName.allCases)
    func endlessAborts(_ which: EngineName) throws {
      let served = try serve(
        which, .echo, keepOpen: true, faults: [.fail(.FAULTS_ACCEPT, .connectionAbort, times: .max)]
      ) { server in
        let peer = try RawPeer(to: server.endpoint)
        server.stop()
        _ = peer.receiveToFailure()
      }
      #expect(served.failure == nil)
    }

    @Test(
      "A client that left before it was accepted is skipped",
      arguments: [Errno.connectionAbort, .protocolError, .networkDown, .hostIsDown, .noRouteToHost])
    func abortedClient(_ error: Errno) throws {
      let served = try fromBoth { which in
        try serve(which, .greeting(Array("hi")), faults: [.fail(.FAULTS_ACCEPT, error, times: 5)]) { server in
          let received = try RawPeer.receiveAll(from: server.endpoint)
          #expect(received == Array("hi"))
        }
      }
      #expect(served.failure == nil)
      #expect(served.events.map { $0.step } == [.accept, .send, .close])
      #expect(served.events.allSatisfy { $0.failure == nil })
    }

    @Test("A stop ends the pause too", arguments: EngineName.allCases)
    func stopEndsPause(_ which: EngineName) throws {
      let served = try serve(
        which, .echo, keepOpen: true, faults: [.fail(.FAULTS_ACCEPT, .tooManyOpenFiles, times: .max)]
      ) { server in
        let peer = try RawPeer(to: server.endpoint)
        server.stop()
        _ = peer.receiveToFailure()
      }
      #expect(served.failure == nil)
      // The server may notice the stop before the client.
      #expect(served.events.allSatisfy { $0.failure?.cause == .system(.tooManyOpenFiles) })
    }

    @Test(
      "A client's failure is reported with its close, and the next client is served",
      arguments: [faults_call.FAULTS_RECV, .FAULTS_SEND])
    func clientFailure(_ call: faults_call) throws {
      let served = try fromBoth { which in
        try serve(which, .echo, keepOpen: true, faults: [.fail(call, .noBufferSpace)]) { server in
          let peer = try RawPeer(to: server.endpoint)
          try peer.send("x")
          _ = peer.receiveToFailure()
          let extra = try RawPeer(to: server.endpoint)
          try extra.send("y")
          #expect(try extra.receive(1) == Array("y"))
          try extra.halfClose()
          #expect(try extra.receiveToEnd() == [])
          server.stop()
        }
      }
      let step = call == .FAULTS_RECV ? Step.receive : .send
      let failures = served.events.compactMap { $0.failure }
      #expect(served.failure == nil)
      #expect(failures == [Failure](repeating: Failure(step, .noBufferSpace, at: Self.client), count: 2))
      #expect(served.events.filter { $0.step == .close }.map { $0.failure == nil } == [false, true])
    }

    @Test(
      "A failure of a relay names its step",
      arguments: [
        faults_call.FAULTS_RECV, .FAULTS_SEND, .FAULTS_READ, .FAULTS_WRITE, .FAULTS_POLL, .FAULTS_SHUTDOWN,
      ])
    func relayFailure(_ call: faults_call) throws {
      let relayed = try fromBoth { which in
        let run = try RelayHarness(which)
        try run.peer!.send("down")
        try run.awaitArrival(of: 4)
        try run.writeInput("up")
        run.input = nil
        try run.start(faults: [.fail(call, .ioError)])
        let relayed = try run.wait()
        #expect(
          try run.written()
            == (call == .FAULTS_RECV || call == .FAULTS_WRITE || call == .FAULTS_POLL ? [] : Array("down")))
        return relayed
      }
      let steps: [faults_call: Step] = [
        .FAULTS_RECV: .receive, .FAULTS_SEND: .send, .FAULTS_READ: .input, .FAULTS_WRITE: .output, .FAULTS_POLL: .wait,
        .FAULTS_SHUTDOWN: .halfClose,
      ]
      #expect(relayed.failure?.bare == Failure(steps[call]!, .ioError))
    }
  }
}
