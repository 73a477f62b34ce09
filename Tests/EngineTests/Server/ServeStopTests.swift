internal import CFaults
internal import IPC
internal import SystemPackage
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
      #expect(served.events.allSatisfy { $0.failure.map { $0.cause == .system(.canceled) } ?? true })
    }

    /// Services that send more than their client reads.
    static let unfinished: [(String, Service)] = [
      ("greeting", .greeting([UInt8](repeating: 1, count: Limit.greeting))), ("chargen", .chargen), ("echo", .echo),
      ("message", .message),
    ]

    /// Over a Unix socket only unread input is a reset.
    @Test(
      "A stop resets a client that lacks a part of its answer, or that has no answer yet, and is no failure",
      arguments: EngineName.allCases, [Transport.ipv4, .unix])
    func stopWithUnfinished(_ which: EngineName, _ transport: Transport) throws {
      for (name, service, keepOpen) in Self.unfinished.flatMap({ [($0.0, $0.1, false), ($0.0, $0.1, true)] }) {
        let target = try transport.makeEndpoint()
        let recorder = EventRecorder()
        let served = try serve(which, service, at: target.endpoint, keepOpen: keepOpen, recorder: recorder) { server in
          let peer = try RawPeer(to: server.endpoint, receivesLittle: transport != .unix)
          if service == .message { try peer.send("half") }
          if service == .echo { try peer.fill() }
          if service == .echo || service == .message {
            try recorder.wait(until: "it has received") { $0.contains { $0.step == .receive } }
          } else {
            #expect(try peer.receive(1).count == 1)
          }
          server.stop()
          try recorder.wait(until: "it is closed") { $0.contains { $0.step == .close } }
          let seesReset = transport != .unix || service == .echo
          #expect(peer.receiveToFailure().error == (seesReset ? .connectionReset : nil), "\(name)")
        }
        #expect(served.failure == nil)
        #expect(served.events.last?.step == .close)
        #expect(served.events.last?.failure?.step == .stop, "\(name)")
        #expect(served.events.last?.failure?.cause == .system(.canceled))
        #expect(served.events.dropLast().allSatisfy { $0.failure == nil })
      }
    }

    @Test(
      "A stop is the end for a client whose requests are answered", arguments: EngineName.allCases,
      [Transport.ipv4, .unix])
    func stopWithAnswered(_ which: EngineName, _ transport: Transport) throws {
      let greeting = Service.greeting(Array("all".utf8))
      for (name, service) in [("greeting", greeting), ("echo", .echo), ("discard", .discard), ("message", .message)] {
        let target = try transport.makeEndpoint()
        let recorder = EventRecorder()
        let served = try serve(which, service, at: target.endpoint, keepOpen: true, recorder: recorder) { server in
          let peer = try RawPeer(to: server.endpoint)
          try recorder.wait(until: "it is accepted") { $0.contains { $0.step == .accept } }
          if case .greeting = service { #expect(try peer.receive(3) == Array("all".utf8)) }
          if service == .echo || service == .discard {
            try peer.send("all")
            try recorder.wait(until: "it has received") { $0.contains { $0.step == .receive } }
          }
          if service == .echo { #expect(try peer.receive(3) == Array("all".utf8)) }
          server.stop()
          let (bytes, error) = peer.receiveToFailure()
          #expect(bytes == [] && error == nil, "\(name)")
        }
        #expect(served.failure == nil)
        #expect(served.events.allSatisfy { $0.failure == nil })
      }
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
