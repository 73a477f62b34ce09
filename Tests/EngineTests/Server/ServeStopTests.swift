internal import CFaults
internal import IPC
internal import Testing

extension Engines {
  /// A stop ends serving in every state.
  @Suite struct ServeStopTests {
    @Test("A stop ends the wait for clients", arguments: EngineName.allCases, [false, true])
    func stopWhileWaiting(_ which: EngineName, _ keepOpen: Bool) throws {
      let served = try serve(which, .echo, keepOpen: keepOpen) { $0.stop() }
      #expect(served == ServeOutcome(events: [], printed: [], failure: nil))
    }

    @Test(
      "A stop ends serving at once, although a client is connected", arguments: EngineName.allCases,
      [Service.echo, .message, .discard])
    func stopWithClient(_ which: EngineName, _ service: Service) throws {
      let served = try serve(which, service, keepOpen: true) { server in
        let peer = try RawPeer(to: server.endpoint)
        try peer.send("x")
        if service == .echo { #expect(try peer.receive(1) == Array("x")) }
        server.stop()
        _ = peer.receiveToFailure()
      }
      #expect(served.failure == nil)
      #expect(served.printed == [])
      #expect(served.events.allSatisfy { $0.failure == nil })
    }

    @Test("A stop ends sending to a client that does not read", arguments: EngineName.allCases)
    func stopWhileSending(_ which: EngineName) throws {
      let served = try serve(which, .chargen, keepOpen: true) { server in
        let peer = try RawPeer(to: server.endpoint)
        #expect(try peer.receive(1) == Array(" "))
        server.stop()
        #expect(try server.hasEnded(within: CInt(timeoutSeconds * 1000)))
      }
      #expect(served.failure == nil)
      #expect(served.events.map { $0.step }.first == .accept)
      #expect(served.events.last?.step == .close)
    }

    /// Sending to it never has to wait.
    @Test("A stop ends sending to a client that reads everything at once", arguments: EngineName.allCases)
    func stopWithFastReader(_ which: EngineName) throws {
      let served = try serve(which, .chargen, keepOpen: true, faults: [.cap(.FAULTS_SEND, 1000, mustOccur: false)]) {
        server in
        let peer = try RawPeer(to: server.endpoint)
        #expect(try peer.receive(1) == Array(" "))
        server.stop()
        let deadline = ContinuousClock.now + .seconds(2)
        while ContinuousClock.now < deadline, let some = try? peer.receive(65_536), some.count == 65_536 {}
        #expect(ContinuousClock.now < deadline, "the server was stopped but still sends")
      }
      #expect(served.failure == nil)
    }

    /// Receiving from it never has to wait.
    @Test("A stop ends receiving from a client that always sends", arguments: EngineName.allCases)
    func stopWithFastSender(_ which: EngineName) throws {
      let served = try serve(which, .discard, keepOpen: true, faults: [.cap(.FAULTS_RECV, 100, mustOccur: false)]) {
        server in
        let peer = try RawPeer(to: server.endpoint)
        let block = [UInt8](repeating: 0, count: 65_536)
        try peer.send(block)
        server.stop()
        let deadline = ContinuousClock.now + .seconds(2)
        while ContinuousClock.now < deadline, (try? peer.send(block)) != nil {}
        #expect(ContinuousClock.now < deadline, "the server was stopped but still receives")
      }
      #expect(served.failure == nil)
    }
  }
}
