// Stop and status requests to a loop, to several workers and to a link's server.
internal import IPC
internal import Synchronization
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ControlTests {
    @Test(
      "A server closes its clients at the second stop, or when the time of the first is over",
      arguments: EngineName.allCases, [(stops: 1, workers: 1), (1, 3), (2, 1), (2, 3)])
    func drain(_ which: EngineName, _ chosen: (stops: Int, workers: Int)) throws {
      let (stops, workers) = chosen
      let options = ServeOptions(
        keepOpen: true, drain: stops == 1 ? .milliseconds(200) : .seconds(20), workers: workers)
      let recorder = EventRecorder()
      let served = try serve(which, .echo, options: options, recorder: recorder) { server in
        let peer = try RawPeer(to: server.endpoint)
        try peer.send("x")
        #expect(try peer.receive(1) == Array("x"))
        for _ in 1..<stops {
          server.stop()
          #expect(try !server.hasEnded(within: 100))
          try peer.send("y")
          #expect(try peer.receive(1) == Array("y"), "the server drains")
        }
        server.stop()
        #expect(try server.hasEnded(within: 2_000))
        #expect(peer.receiveToFailure().bytes == [])
      }
      #expect(served.failure == nil)
      #expect(recorder.events.count { $0.step == .stop } == stops, "the observer gets one event for each stop")
    }

    @Test("Without time to drain, the first stop closes the clients", arguments: EngineName.allCases, [1, 3])
    func noDrain(_ which: EngineName, workers: Int) throws {
      let served = try serve(which, .echo, options: ServeOptions(keepOpen: true, workers: workers)) { server in
        let peer = try RawPeer(to: server.endpoint)
        try peer.send("x")
        #expect(try peer.receive(1) == Array("x"))
        server.stop()
        #expect(try server.hasEnded(within: 2_000))
        #expect(peer.receiveToFailure().bytes == [])
      }
      #expect(served.failure == nil)
    }

    // MARK: Status requests

    @Test("A server answers a status request with its counters", arguments: EngineName.allCases, [1, 3])
    func status(_ which: EngineName, workers: Int) throws {
      let recorder = EventRecorder()
      let requests = try Requests()
      let options = ServeOptions(keepOpen: true, workers: workers, statusRequest: requests.reader.lent)
      let served = try serve(which, .echo, options: options, recorder: recorder) { server in
        #expect(try requests.ask(recorder, times: 1) == Counters())
        let gone = try RawPeer(to: server.endpoint)
        try gone.send("12345")
        try gone.halfClose()
        #expect(try gone.receiveToEnd() == Array("12345".utf8))
        try recorder.wait(until: "closed") { $0.contains { $0.step == .close } }
        let here = try RawPeer(to: server.endpoint)
        try here.send("123")
        #expect(try here.receive(3).count == 3)
        #expect(try requests.ask(recorder, times: 2) == Self.counters(accepted: 2, active: 1, bytes: 8))
        server.stop()
        _ = here.receiveToFailure()
      }
      #expect(served.failure == nil)
    }

    @Test(
      "A link's server answers a status request with its counters", arguments: EngineName.allCases, LinkKind.allCases)
    func statusOfALink(_ which: EngineName, _ kind: LinkKind) throws {
      let recorder = EventRecorder()
      let requests = try Requests()
      let target = try kind.makeEndpoint()
      let (endpoint, e) = (target.endpoint, which.engine)
      let options = ServeOptions(keepOpen: true, statusRequest: requests.reader.lent)
      let served = try serveLink(which, .echo, at: endpoint, options: options, recorder: recorder) { server in
        #expect(try requests.ask(recorder, times: 1) == Counters())
        #expect(try e.request(endpoint, [1, 2, 3, 4, 5]).count == 5)
        try recorder.wait(until: "closed") { $0.contains { $0.step == .close } }
        let here = try e.connectClient(to: endpoint)
        try e.sendAll(here, [1, 2, 3])
        #expect(try e.receiveAll(here, atMost: 3).count == 3)
        #expect(try requests.ask(recorder, times: 2) == Self.counters(accepted: 2, active: 1, bytes: 8))
        server.stop()
        #expect(try e.receiveAll(here) == [])
        try e.close(here)
      }
      #expect(served.failure == nil)
    }

    private static func counters(accepted: UInt64, active: UInt64, bytes: UInt64) -> Counters {
      var counters = Counters()
      (counters.accepted, counters.active) = (accepted, active)
      (counters.received, counters.sent) = (bytes, bytes)
      return counters
    }

    // MARK: The other end of the requests is closed

    @Test(
      "A server does not spin when nobody can send a status request any more", arguments: EngineName.allCases, [1, 2])
    func noMoreRequests(_ which: EngineName, workers: Int) throws {
      let recorder = EventRecorder()
      let requests = try Requests().ended()
      let options = ServeOptions(keepOpen: true, workers: workers, statusRequest: requests.lent)
      let served = try serve(which, .echo, options: options, recorder: recorder) { server in
        let peer = try RawPeer(to: server.endpoint)
        try peer.send("x")
        #expect(try peer.receive(1) == Array("x"))
        #expect(try Self.isQuiet(recorder))
        server.stop()
        _ = peer.receiveToFailure()
      }
      #expect(served.failure == nil)
      #expect(recorder.events.allSatisfy { $0.step != .statusRequest })
    }

    @Test(
      "A link's server does not spin when nobody can send a status request any more",
      arguments: EngineName.allCases, LinkKind.allCases)
    func noMoreRequestsToALink(_ which: EngineName, _ kind: LinkKind) throws {
      let recorder = EventRecorder()
      let requests = try Requests().ended()
      let target = try kind.makeEndpoint()
      let (endpoint, e) = (target.endpoint, which.engine)
      let options = ServeOptions(keepOpen: true, statusRequest: requests.lent)
      let served = try serveLink(which, .echo, at: endpoint, options: options, recorder: recorder) { server in
        #expect(try Self.isQuiet(recorder), "without a client")
        let link = try e.connectClient(to: endpoint)
        try e.sendAll(link, [1])
        #expect(try e.receiveAll(link, atMost: 1) == [1])
        #expect(try Self.isQuiet(recorder), "with a client that sends nothing")
        server.stop()
        #expect(try e.receiveAll(link) == [])
        try e.close(link)
      }
      #expect(served.failure == nil)
    }

    @Test("A server ends when nobody can stop it any more", arguments: EngineName.allCases, [1, 2])
    func noMoreStops(_ which: EngineName, workers: Int) throws {
      let options = ServeOptions(keepOpen: true, drain: .seconds(20), workers: workers)
      let served = try serve(which, .echo, options: options) { server in
        let peer = try RawPeer(to: server.endpoint)
        try peer.send("x")
        #expect(try peer.receive(1) == Array("x"))
        server.endStops()
        #expect(peer.receiveToFailure().bytes == [])
        #expect(try server.hasEnded(within: 2_000))
      }
      #expect(served.failure == nil)
    }

    /// A server that spins takes all of the time, each time.
    private static func isQuiet(_ recorder: EventRecorder) throws -> Bool {
      let clock = recorder.clock.load(ordering: .relaxed)
      try #require(clock != 0, "the server's thread runs")
      return try (1...10).contains { _ in
        let before = TestSystem.milliseconds(of: clock)
        _ = try TestSystem.isReadable(-1, within: 100)
        return TestSystem.milliseconds(of: clock) - before < 20
      }
    }
  }
}

/// A pipe for status requests.
private struct Requests: ~Copyable {
  let reader: Descriptor
  private let writer: Descriptor

  init() throws(Errno) {
    let ends = try TestSystem.pipe(nonBlocking: true).release()
    reader = Descriptor(owning: ends.first)
    writer = Descriptor(owning: ends.second)
  }

  /// The reader, after nobody can write any more.
  consuming func ended() -> Descriptor { reader }

  /// Sends a request, and waits for the answer that follows `times - 1` others.
  func ask(_ recorder: EventRecorder, times: Int) throws -> Counters? {
    _ = try TestSystem.write(writer.number, [0])
    try recorder.wait(until: "status") { $0.count { $0.step == .statusRequest } == times }
    return recorder.events.last { $0.step == .statusRequest }?.counters
  }
}
