internal import CFaults
internal import IPC
internal import Testing

extension Engines {
  /// A stop ends serving, whatever it is doing.
  @Suite struct ServeStopTests {
    @Test(arguments: Which.allCases, [false, true])
    func aStopEndsWaiting(_ which: Which, _ keepOpen: Bool) throws {
      let served = try serve(which, .echo, keepOpen: keepOpen) { $0.stop() }
      #expect(served == Served(events: [], printed: [], failure: nil))
    }

    @Test(arguments: Which.allCases, [Service.echo, .message, .discard])
    func aStopEndsServingAtOnce(_ which: Which, _ service: Service) throws {
      let served = try serve(which, service, keepOpen: true) { server in
        let peer = try Peer(to: server.endpoint)
        try peer.send("x")
        if service == .echo { #expect(try peer.receive(1) == Array("x")) }
        server.stop()
        _ = peer.receiveToFailure()
      }
      #expect(served.failure == nil)
      #expect(served.printed == [])
      #expect(served.events.allSatisfy { $0.failure == nil })
    }

    @Test(arguments: Which.allCases)
    func aStopEndsSendingToWhoDoesNotRead(_ which: Which) throws {
      let served = try serve(which, .chargen, keepOpen: true) { server in
        let peer = try Peer(to: server.endpoint)
        #expect(try peer.receive(1) == Array(" "))
        server.stop()
        #expect(try server.hasEnded(within: CInt(patience * 1000)))
      }
      #expect(served.failure == nil)
      #expect(served.events.map { $0.step }.first == .accept)
      #expect(served.events.last?.step == .close)
    }

    /// However fast it reads: sending to it never has to wait.
    @Test(arguments: Which.allCases)
    func aStopEndsSendingToWhoReadsAll(_ which: Which) throws {
      let served = try serve(which, .chargen, keepOpen: true, faults: [.cap(.FAULTS_SEND, 1000, meets: false)]) {
        server in
        let peer = try Peer(to: server.endpoint)
        #expect(try peer.receive(1) == Array(" "))
        server.stop()
        let deadline = ContinuousClock.now + .seconds(2)
        while ContinuousClock.now < deadline, let some = try? peer.receive(65_536), some.count == 65_536 {}
        #expect(ContinuousClock.now < deadline, "stopped, and still sending")
      }
      #expect(served.failure == nil)
    }

    /// However fast it sends: receiving from it never has to wait.
    @Test(arguments: Which.allCases)
    func aStopEndsReceivingFromWhoSendsAlways(_ which: Which) throws {
      let served = try serve(which, .discard, keepOpen: true, faults: [.cap(.FAULTS_RECV, 100, meets: false)]) {
        server in
        let peer = try Peer(to: server.endpoint)
        let block = [UInt8](repeating: 0, count: 65_536)
        try peer.send(block)
        server.stop()
        let deadline = ContinuousClock.now + .seconds(2)
        while ContinuousClock.now < deadline, (try? peer.send(block)) != nil {}
        #expect(ContinuousClock.now < deadline, "stopped, and still receiving")
      }
      #expect(served.failure == nil)
    }
  }
}
