// One client of many: what it may hold, and what it may not.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SessionTests {
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
