// Clients that wait cost nothing.
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
      case fullHouse, noMoreNotices, noMoreNoticesForACrew

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
      let notices = try endedPipe()
      let isCrew = wait == .noMoreNoticesForACrew
      let how = IPC.Serving(
        keepOpen: true, workers: isCrew ? 2 : 1, notice: isCrew || wait == .noMoreNotices ? notices.lent : nil,
        limits: Limits(clients: wait == .fullHouse ? 1 : nil))
      let faults: [Fault] =
        wait == .noDescriptors ? [.fail(.FAULTS_ACCEPT, .tooManyOpenFiles, after: 1, times: .max)] : []
      let place = try Transport.unix.place()
      let served = try serve(which, wait.service, at: place.endpoint, how: how, faults: faults, recording: recording) {
        server in
        let peers = try (0..<3).map { _ in Held(try Peer(to: server.endpoint)) }
        for peer in peers { try stall(peer.peer, wait) }
        // A server that spins takes all of the time, each time.
        let isQuiet = try (1...10).contains { _ in try spent(recording, within: 200) < 20 }
        #expect(isQuiet)
        server.stop()
      }
      #expect(served.failure == nil)
    }

    /// Milliseconds of processor time that the server takes in so many.
    private func spent(_ recording: Recording, within milliseconds: CInt) throws -> Int {
      let clock = recording.clock.load(ordering: .relaxed)
      let before = Kernel.milliseconds(of: clock)
      _ = try Kernel.isReadable(-1, within: milliseconds)
      return Kernel.milliseconds(of: clock) - before
    }

    /// The reader of a pipe that nobody writes to any more.
    private func endedPipe() throws -> Descriptor {
      let ends = try Kernel.pipe(nonBlocking: true).release()
      _ = Descriptor(owning: ends.second)
      return Descriptor(owning: ends.first)
    }

    private func stall(_ peer: borrowing Peer, _ wait: Wait) throws {
      if wait == .halfALine { try peer.send("half a ") }
      if wait == .unreadEcho || wait == .unreadEchoAfterTheEnd {
        let block = [UInt8](repeating: 1, count: 65_536)
        while try Kernel.isWritable(peer.socket.number, within: 100) {
          _ = try? Kernel.send(peer.socket.number, block[...], wait: false)
        }
      }
      if wait == .unreadEchoAfterTheEnd || wait == .unreadPatternAfterTheEnd { try peer.finish() }
    }
  }
}
