// One client of many: its limits and its counters.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SessionTests {
    /// All that it has sent comes back once it reads.
    @Test(
      "A client that does not read is not read either, and the others are not affected", arguments: EngineName.allCases,
      Transport.allCases)
    func stalledClient(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let data = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
      let served = try serve(which, .echo, at: target.endpoint, keepOpen: true) { server in
        let stalled = try RawPeer(to: server.endpoint)
        let descriptor = stalled.socket.number
        let sender = try TestThread { () throws in
          try TestSystem.writeAll(descriptor, data)
          try TestSystem.halfClose(descriptor)
        }
        for _ in 1...20 {
          let next = try RawPeer(to: server.endpoint)
          try next.send("hi")
          #expect(try next.receive(2) == Array("hi"))
        }
        let back = try stalled.receiveToEnd()
        try sender.value()
        #expect(back.count == data.count && back == data)
        server.stop()
      }
      #expect(served.failure == nil)
    }

    @Test(
      "A server serves the bytes before and behind an urgent byte", arguments: EngineName.allCases,
      [Transport.ipv4, .ipv6])
    func urgentByte(_ which: EngineName, _ transport: Transport) throws {
      let (before, behind) = ([UInt8](repeating: 1, count: 30_000), [UInt8](repeating: 2, count: 30_000))
      let target = try transport.makeEndpoint()
      let served = try serve(which, .echo, at: target.endpoint) { server in
        let peer = try RawPeer(to: server.endpoint)
        try peer.send(before, urgent: 0x21, behind)
        expectBytes(try peer.receive(before.count + behind.count), before + behind)
        try peer.send([], urgent: 0x21, [])
        try peer.halfClose()
        #expect(try peer.receiveToEnd() == [])
      }
      #expect(served.failure == nil)
    }

    /// The client may have received them.
    @Test("Bytes that were sent before a failure are counted", arguments: EngineName.allCases)
    func trafficOfFailure(_ which: EngineName) throws {
      let recorder = EventRecorder()
      let faults: [Fault] = [.cap(.FAULTS_SEND, 3), .fail(.FAULTS_SEND, .ioError, after: 2)]
      let served = try serve(which, .echo, keepOpen: true, faults: faults, recorder: recorder) { server in
        let peer = try RawPeer(to: server.endpoint)
        try peer.send("1234567890")
        _ = peer.receiveToFailure()
        server.stop()
      }
      #expect(served.failure == nil)
      #expect(served.events.map { $0.step } == [.accept, .receive, .send, .send, .close])
      #expect(served.events[2].count == 6)
      #expect(served.events[3].failure?.cause == .system(.ioError))
      let traffic = try #require(recorder.events.first { $0.step == .close }?.traffic)
      #expect((traffic.received, traffic.sent) == (10, 6))
    }
  }
}
