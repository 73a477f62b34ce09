// Waiting clients cost no processor time, and a client that the server keeps waiting is not idle.
internal import CFaults
internal import IPC
internal import Synchronization
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct IdleTests {
    /// Situations in which a descriptor stays ready, so that a server could spin.
    enum Wait: CaseIterable {
      case halfALine, unreadEcho, unreadEchoAfterTheEnd, unreadPattern, unreadPatternAfterTheEnd, noDescriptors
      case clientLimit

      var service: Service {
        switch self {
        case .halfALine: .message
        case .unreadPattern, .unreadPatternAfterTheEnd: .chargen
        default: .echo
        }
      }
    }

    @Test("A server that waits takes no processor time", arguments: EngineName.allCases, Wait.allCases)
    func noSpinning(_ which: EngineName, _ wait: Wait) throws {
      let recorder = EventRecorder()
      let options = ServeOptions(keepOpen: true, limits: ClientLimits(clients: wait == .clientLimit ? 1 : nil))
      let faults: [Fault] =
        wait == .noDescriptors ? [.fail(.FAULTS_ACCEPT, .tooManyOpenFiles, after: 1, times: .max)] : []
      let target = try Transport.unix.makeEndpoint()
      let served = try serve(
        which, wait.service, at: target.endpoint, options: options, faults: faults, recorder: recorder
      ) {
        server in
        let peers = try (0..<3).map { _ in PeerBox(try RawPeer(to: server.endpoint)) }
        for peer in peers { try stall(peer.peer, wait) }
        // A server that spins takes all of the time in every try.
        let isQuiet = try (1...10).contains { _ in try spent(recorder, within: 100) < 20 }
        #expect(isQuiet)
        server.stop()
      }
      #expect(served.failure == nil)
    }

    /// The server has more ready clients than it handles at once, and is busy for longer than a client may be idle.
    @Test("A client whose input the server has not read yet is not idle", arguments: EngineName.allCases)
    func pendingInput(_ which: EngineName) throws {
      for _ in 1...10 {
        guard let (answers, served) = try answers(of: which, to: 300) else { continue }
        #expect(answers.allSatisfy { $0 == Array("I got your message") })
        #expect(served.failure == nil)
        #expect(served.events.allSatisfy { $0.failure == nil })
        return
      }
      Issue.record("the machine was too slow in all ten tries", severity: .warning)
    }

    /// Returns nil if the machine was so slow that a client was idle before it sent.
    private func answers(of which: EngineName, to count: Int) throws -> (answers: [[UInt8]], served: ServeOutcome)? {
      let recorder = EventRecorder()
      recorder.pause.store(600, ordering: .relaxed)
      let options = ServeOptions(keepOpen: true, limits: ClientLimits(idle: .milliseconds(500)))
      var (answers, isSlow) = ([[UInt8]](), false)
      let served = try serve(which, .message, options: options, backlog: 2 * count, recorder: recorder) { server in
        let start = ContinuousClock.now
        let peers = try (0..<count).map { _ in PeerBox(try RawPeer(to: server.endpoint)) }
        try recorder.wait(until: "all clients are accepted") { $0.count { $0.step == .accept } == count }
        try peers[0].peer.send("\n")
        try recorder.wait(until: "the first input is received") {
          $0.contains { $0.step == .receive || $0.step == .close }
        }
        for peer in peers.dropFirst() { try peer.peer.send("\n") }
        isSlow = ContinuousClock.now - start > .milliseconds(400)
        answers = peers.map { $0.peer.receiveToFailure().bytes }
        server.stop()
      }
      return isSlow ? nil : (answers, served)
    }

    /// The milliseconds of processor time that the server takes within a time.
    private func spent(_ recorder: EventRecorder, within milliseconds: Int) throws -> Int {
      let clock = recorder.clock.load(ordering: .relaxed)
      let before = TestSystem.milliseconds(of: clock)
      try TestSystem.pause(milliseconds: milliseconds)
      return TestSystem.milliseconds(of: clock) - before
    }

    private func stall(_ peer: borrowing RawPeer, _ wait: Wait) throws {
      if wait == .halfALine { try peer.send("half a ") }
      if wait == .unreadEcho || wait == .unreadEchoAfterTheEnd {
        let block = [UInt8](repeating: 1, count: 65_536)
        while try TestSystem.isWritable(peer.socket.number, within: 50) {
          _ = try? TestSystem.send(peer.socket.number, block[...], wait: false)
        }
      }
      if wait == .unreadEchoAfterTheEnd || wait == .unreadPatternAfterTheEnd { try peer.halfClose() }
    }
  }
}
