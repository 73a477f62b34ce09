// A server that stays, when the kernel has nothing to give or clients come and go.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ExhaustionTests {
    private static let client = Endpoint.tcp(host: "127.0.0.1", port: 1)

    /// Told once, and accepting goes on after a pause.
    @Test(arguments: [
      Errno.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noBufferSpace, .noMemory,
    ])
    func aServerThatStaysWaitsForBetterTimes(_ error: Errno) throws {
      let start = ContinuousClock.now
      let served = try same { which in
        try serve(
          which, .greeting(Array("hi")), keepOpen: true, faults: [.fail(.FAULTS_ACCEPT, error, times: 2)]
        ) { server in
          let heard = try Peer.listen(to: server.endpoint)
          #expect(heard == Array("hi"))
          server.stop()
        }
      }
      #expect(served.failure == nil)
      let failure = Failure(.accept, error, at: Self.client)
      #expect(served.events.first == Event(.accept, on: Role.listener, endpoint: Self.client, failure: failure))
      #expect(served.events.map { $0.step } == [.accept, .accept, .send, .close])
      #expect(ContinuousClock.now - start >= Limit.acceptPause * 2)
    }

    @Test func aServerOfOneClientGivesUp() throws {
      let served = try same { which in
        try serve(which, .echo, faults: [.fail(.FAULTS_ACCEPT, .tooManyOpenFiles)]) { server in
          _ = try Peer(to: server.endpoint).receiveToFailure()
        }
      }
      #expect(served.failure == Failure(.accept, .tooManyOpenFiles, at: Self.client))
      #expect(served.events.map { $0.failure } == [served.failure])
    }

    /// Also where it would stay otherwise: this does not pass.
    @Test func aBrokenListenerEndsServing() throws {
      let served = try same { which in
        try serve(which, .echo, keepOpen: true, faults: [.fail(.FAULTS_ACCEPT, .invalidArgument)]) { server in
          _ = try Peer(to: server.endpoint).receiveToFailure()
        }
      }
      #expect(served.failure == Failure(.accept, .invalidArgument, at: Self.client))
    }

    @Test(arguments: [Errno.connectionAbort, .protocolError, .networkDown, .hostIsDown, .noRouteToHost])
    func aClientThatLeftIsPassedOver(_ error: Errno) throws {
      let served = try same { which in
        try serve(which, .greeting(Array("hi")), faults: [.fail(.FAULTS_ACCEPT, error, times: 5)]) { server in
          let heard = try Peer.listen(to: server.endpoint)
          #expect(heard == Array("hi"))
        }
      }
      #expect(served.failure == nil)
      #expect(served.events.map { $0.step } == [.accept, .send, .close])
      #expect(served.events.allSatisfy { $0.failure == nil })
    }

    /// A stop is heard in the pause, too.
    @Test(arguments: Which.allCases)
    func aStopEndsThePause(_ which: Which) throws {
      let served = try serve(
        which, .echo, keepOpen: true, faults: [.fail(.FAULTS_ACCEPT, .tooManyOpenFiles, times: .max)]
      ) { server in
        let peer = try Peer(to: server.endpoint)
        server.stop()
        _ = peer.receiveToFailure()
      }
      #expect(served.failure == nil)
      // The stop may come before the client is seen.
      #expect(served.events.allSatisfy { $0.failure?.cause == .system(.tooManyOpenFiles) })
    }

    /// A client's failure is told in its close, and the next is served.
    @Test(arguments: [faults_call.FAULTS_RECV, .FAULTS_SEND])
    func aClientsFailureIsTold(_ call: faults_call) throws {
      let served = try same { which in
        try serve(which, .echo, keepOpen: true, faults: [.fail(call, .noBufferSpace)]) { server in
          let peer = try Peer(to: server.endpoint)
          try peer.send("x")
          _ = peer.receiveToFailure()
          let extra = try Peer(to: server.endpoint)
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

    @Test(arguments: [
      faults_call.FAULTS_RECV, .FAULTS_SEND, .FAULTS_READ, .FAULTS_WRITE, .FAULTS_POLL, .FAULTS_SHUTDOWN,
    ])
    func aRelaysFailureNamesItsStep(_ call: faults_call) throws {
      let relayed = try same { which in
        let run = try RelayRun(which)
        try run.peer!.send("down")
        try run.await(waiting: 4)
        try run.give("up")
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
