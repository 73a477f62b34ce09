// One client of many: what it may hold, and what it may not.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SessionTests {
    @Test(arguments: Which.allCases)
    func aClientOverItsBytesIsClosed(_ which: Which) throws {
      let how = ServeOptions(keepOpen: true, limits: ClientLimits(bytes: 10))
      let served = try serve(which, .echo, how: how) { server in
        let small = try Peer(to: server.endpoint)
        try small.send("12345")
        try small.halfClose()
        #expect(try small.receiveToEnd() == Array("12345"))
        let large = try Peer(to: server.endpoint)
        try large.send("1234567890")
        _ = large.receiveToFailure()
        server.stop()
      }
      #expect(served.failure == nil)
      let ends = served.events.filter { $0.step == .close }.map { $0.failure?.cause }
      #expect(ends == [nil, .system(.fileTooLarge)])
    }

    /// The server stops reading from it, and the others notice nothing; what it had sent comes back in the end.
    @Test(arguments: Which.allCases, Transport.allCases)
    func aClientThatDoesNotReadIsNotRead(_ which: Which, _ transport: Transport) throws {
      let place = try transport.place()
      let data = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
      let served = try serve(which, .echo, at: place.endpoint, keepOpen: true) { server in
        let stalled = try Peer(to: server.endpoint)
        let descriptor = stalled.socket.number
        let sender = try Worker { () throws in
          try Kernel.writeAll(descriptor, data)
          try Kernel.halfClose(descriptor)
        }
        for _ in 1...20 {
          let extra = try Peer(to: server.endpoint)
          try extra.send("hi")
          #expect(try extra.receive(2) == Array("hi"))
        }
        let back = try stalled.receiveToEnd()
        try sender.value()
        #expect(back.count == data.count && back == data)
        server.stop()
      }
      #expect(served.failure == nil)
    }

    @Test(arguments: Which.allCases)
    func trafficIsCounted(_ which: Which) throws {
      let recording = Recording()
      let server = try which.engine.openServer([.anyIPv4], backlog: 1, observer: nil)
      let endpoint = server.endpoint
      let client = try Worker {
        let peer = try Peer(to: endpoint)
        try peer.send("12345")
        try peer.halfClose()
        return try peer.receiveToEnd()
      }
      try which.engine.serve(server, .echo, ServeOptions(), observer: recording.observer)
      try which.engine.close(server)
      #expect(try client.value() == Array("12345"))
      let traffic = try #require(recording.events.last?.traffic)
      #expect((traffic.received, traffic.sent) == (5, 5))
      #expect(traffic.duration >= .zero && traffic.duration < .seconds(10))
    }

    /// The client may have received it.
    @Test(arguments: Which.allCases)
    func whatWasSentBeforeAFailureCounts(_ which: Which) throws {
      let recording = Recording()
      let faults: [Fault] = [.cap(.FAULTS_SEND, 3), .fail(.FAULTS_SEND, .ioError, after: 2)]
      let served = try serve(which, .echo, keepOpen: true, faults: faults, recording: recording) { server in
        let peer = try Peer(to: server.endpoint)
        try peer.send("1234567890")
        _ = peer.receiveToFailure()
        server.stop()
      }
      #expect(served.failure == nil)
      #expect(served.events.map { $0.step } == [.accept, .receive, .send, .send, .close])
      #expect(served.events[2].count == 6)
      #expect(served.events[3].failure?.cause == .system(.ioError))
      let traffic = try #require(recording.events.first { $0.step == .close }?.traffic)
      #expect((traffic.received, traffic.sent) == (10, 6))
    }
  }
}
