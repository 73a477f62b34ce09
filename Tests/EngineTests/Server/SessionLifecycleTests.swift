// How a loop steps and closes its sessions, and what the observer gets at a close.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SessionLifecycleTests {
    @Test(
      "A client that would move more bytes than it may sees a reset, after the bytes that the server sent",
      arguments: EngineName.allCases, [Transport.ipv4, .ipv6, .unix])
    func aClientOverItsBytesIsClosed(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let options = ServeOptions(keepOpen: true, limits: ClientLimits(bytes: 10))
      let served = try serve(which, .echo, at: target.endpoint, options: options) { server in
        let small = try RawPeer(to: server.endpoint)
        try small.send("12345")
        try small.halfClose()
        #expect(try small.receiveToEnd() == Array("12345"))
        let large = try RawPeer(to: server.endpoint)
        try large.send("1234567890")
        let received = large.receiveToFailure()
        #expect(received.bytes == Array("12345"), "each byte of an echo counts twice")
        #expect(received.error == .connectionReset)
        server.stop()
      }
      #expect(served.failure == nil)
      let ends = served.events.filter { $0.step == .close }.map { $0.failure?.cause }
      #expect(ends == [nil, .system(.fileTooLarge)])
    }

    @Test("The event of a close has the bytes and the duration of the session", arguments: EngineName.allCases)
    func trafficIsCounted(_ which: EngineName) throws {
      let recorder = EventRecorder()
      let server = try which.engine.openServer([.anyIPv4], backlog: 1, observer: nil)
      let endpoint = server.endpoint
      let client = try TestThread {
        let peer = try RawPeer(to: endpoint)
        try peer.send("12345")
        try peer.halfClose()
        return try peer.receiveToEnd()
      }
      try which.engine.serve(server, .echo, ServeOptions(), observer: recorder.observer)
      try which.engine.close(server)
      #expect(try client.value() == Array("12345"))
      let traffic = try #require(recorder.events.last?.traffic)
      #expect((traffic.received, traffic.sent) == (5, 5))
      #expect(traffic.duration >= .zero && traffic.duration < .seconds(10))
    }

    @Test("A failed client ends a server of one client, and no other", arguments: EngineName.allCases, [false, true])
    func failedClient(_ which: EngineName, keepOpen: Bool) throws {
      let faults: [Fault] = [.fail(.FAULTS_RECV, .ioError)]
      let served = try serve(which, .echo, keepOpen: keepOpen, faults: faults) { server in
        let failed = try RawPeer(to: server.endpoint)
        try failed.send("x")
        _ = failed.receiveToFailure()
        guard keepOpen else { return }
        let next = try RawPeer(to: server.endpoint)
        try next.send("y")
        try next.halfClose()
        #expect(try next.receiveToEnd() == Array("y"))
        server.stop()
      }
      let closes = served.events.filter { $0.step == .close }.map { $0.failure }
      if keepOpen {
        #expect(served.failure == nil)
        #expect(closes.map { $0?.step } == [.receive, nil], "the close has the failure, and serving goes on")
      } else {
        #expect(served.failure?.step == .receive && served.failure?.cause == .system(.ioError))
        #expect(closes == [nil], "serving returns the failure")
      }
    }

    @Test("The client of chargen leaves without a failure", arguments: EngineName.allCases, [false, true])
    func normalEnd(_ which: EngineName, keepOpen: Bool) throws {
      let served = try serve(which, .chargen, keepOpen: keepOpen) { server in
        let peer = try RawPeer(to: server.endpoint)
        #expect(try peer.receive(1) == Array(" "))
        try peer.reset()
        guard keepOpen else { return }
        #expect(try RawPeer(to: server.endpoint).receive(1) == Array(" "))
        server.stop()
      }
      #expect(served.failure == nil)
      #expect(served.events.filter { $0.step == .close }.allSatisfy { $0.failure == nil })
    }
  }
}
