// Clients that wait cost nothing, and clients that have to wait are not taken for idle ones.
internal import CFaults
internal import IPC
internal import Synchronization
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct IdleTests {
    /// What a server could spin over: readiness that nobody takes.
    enum Wait: CaseIterable {
      case halfALine, unreadEcho, unreadEchoAfterTheEnd, unreadPattern, unreadPatternAfterTheEnd, noDescriptors
      case fullHouse

      var service: Service {
        switch self {
        case .halfALine: .message
        case .unreadPattern, .unreadPatternAfterTheEnd: .chargen
        default: .echo
        }
      }
    }

    @Test(arguments: Which.allCases, Wait.allCases)
    func waitingCostsNothing(_ which: Which, _ wait: Wait) throws {
      let recording = Recording()
      let how = ServeOptions(keepOpen: true, limits: ClientLimits(clients: wait == .fullHouse ? 1 : nil))
      let faults: [Fault] =
        wait == .noDescriptors ? [.fail(.FAULTS_ACCEPT, .tooManyOpenFiles, after: 1, times: .max)] : []
      let place = try Transport.unix.place()
      let served = try serve(which, wait.service, at: place.endpoint, how: how, faults: faults, recording: recording) {
        server in
        let peers = try (0..<3).map { _ in Held(try Peer(to: server.endpoint)) }
        for peer in peers { try stall(peer.peer, wait) }
        // A server that spins takes all of the time, each time.
        let isQuiet = try (1...10).contains { _ in try spent(recording, within: 100) < 20 }
        #expect(isQuiet)
        server.stop()
      }
      #expect(served.failure == nil)
    }

    /// Who has sent is not idle, though the server had no time to see it, and sees only some of them at once. Here it can't
    /// print, until that has taken longer than a client may be idle.
    @Test(arguments: Which.allCases)
    func whoHasSentIsNotIdle(_ which: Which) throws {
      for _ in 1...10 {
        guard let (answers, served) = try answers(of: which, to: 300) else { continue }
        #expect(answers.allSatisfy { $0 == Array("I got your message") })
        #expect(served.failure == nil)
        #expect(served.events.allSatisfy { $0.failure == nil })
        return
      }
      Issue.record("the machine was too slow ten times: nothing was seen", severity: .warning)
    }

    /// nil where the machine was so slow that a client was idle before it sent.
    private func answers(of which: Which, to count: Int) throws -> (answers: [[UInt8]], served: Served)? {
      let (recording, output) = (Recording(), try Kernel.pipe(nonBlocking: true).release())
      let reader = output.first
      let writer = Descriptor(owning: output.second)
      defer { _ = Descriptor(owning: reader) }
      while (try? Kernel.write(writer.number, [UInt8](repeating: 0, count: 4096)[...])) != nil {}
      let how = ServeOptions(keepOpen: true, limits: ClientLimits(idle: .milliseconds(500)))
      var (answers, isSlow) = ([[UInt8]](), false)
      let served = try serve(which, .message, how: how, backlog: 2 * count, recording: recording, output: writer) {
        server in
        let start = ContinuousClock.now
        let peers = try (0..<count).map { _ in Held(try Peer(to: server.endpoint)) }
        try recording.wait(until: "all are accepted") { $0.count { $0.step == .accept } == count }
        try peers[0].peer.send("\n")
        try recording.wait(until: "the first is received") { $0.contains { $0.step == .receive || $0.step == .close } }
        for peer in peers.dropFirst() { try peer.peer.send("\n") }
        isSlow = ContinuousClock.now - start > .milliseconds(400)
        _ = try Kernel.isReadable(-1, within: 600)
        let printed = try Worker {
          while try Kernel.isReadable(reader, within: CInt(patience * 1000)) {
            if try Kernel.read(reader, atMost: 65_536).isEmpty { return }
          }
        }
        answers = peers.map { $0.peer.receiveToFailure().bytes }
        server.stop()
        try printed.value()
      }
      return isSlow ? nil : (answers, served)
    }

    /// Milliseconds of processor time that the server takes in so many.
    private func spent(_ recording: Recording, within milliseconds: CInt) throws -> Int {
      let clock = recording.clock.load(ordering: .relaxed)
      let before = Kernel.milliseconds(of: clock)
      _ = try Kernel.isReadable(-1, within: milliseconds)
      return Kernel.milliseconds(of: clock) - before
    }

    private func stall(_ peer: borrowing Peer, _ wait: Wait) throws {
      if wait == .halfALine { try peer.send("half a ") }
      if wait == .unreadEcho || wait == .unreadEchoAfterTheEnd {
        let block = [UInt8](repeating: 1, count: 65_536)
        while try Kernel.isWritable(peer.socket.number, within: 50) {
          _ = try? Kernel.send(peer.socket.number, block[...], wait: false)
        }
      }
      if wait == .unreadEchoAfterTheEnd || wait == .unreadPatternAfterTheEnd { try peer.halfClose() }
    }
  }
}
