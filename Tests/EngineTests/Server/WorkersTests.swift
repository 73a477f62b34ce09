// Several workers behind one server.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct WorkersTests {
    @Test(arguments: Which.allCases, Transport.allCases)
    func workersShareTheClients(_ which: Which, _ transport: Transport) throws {
      let place = try transport.place()
      let how = ServeOptions(keepOpen: true, drain: .seconds(20), workers: 3)
      let served = try serve(which, .echo, at: place.endpoint, how: how) { server in
        for number in 1...40 {
          let peer = try Peer(to: server.endpoint)
          try peer.send("\(number)")
          try peer.halfClose()
          #expect(try peer.receiveToEnd() == Array("\(number)".utf8))
        }
        server.stop()
        #expect(try server.hasEnded(within: 2_000))
      }
      #expect(served.failure == nil)
      #expect(served.events.filter { $0.step == .accept && $0.failure == nil }.count == 40)
      #expect(served.events.filter { $0.step == .close && $0.failure == nil }.count == 40)
    }

    /// What prints is the server's own: when that fails in one worker, all end, and wait for no client.
    @Test(arguments: Which.allCases)
    func aFailedOutputEndsAll(_ which: Which) throws {
      let how = ServeOptions(keepOpen: true, drain: .seconds(20), workers: 3)
      let full = Descriptor(owning: try FileDescriptor.open(FilePath("/dev/full"), .writeOnly).rawValue)
      let served = try serve(which, .message, how: how, output: full) { server in
        let waiting = try (0..<9).map { _ in Held(try Peer(to: server.endpoint)) }
        let peer = try Peer(to: server.endpoint)
        try peer.send("hello\n")
        _ = peer.receiveToFailure()
        #expect(try server.hasEnded(within: 5_000))
        for each in waiting { #expect(each.peer.receiveToFailure().bytes == []) }
      }
      #expect(served.failure == Failure(.output, .noSpace))
    }

    /// Who waits for the workers' ends must not wait for workers that nobody stops.
    @Test(arguments: Which.allCases)
    func aFailedWaitEndsAll(_ which: Which) throws {
      let how = ServeOptions(keepOpen: true, drain: .seconds(20), workers: 2)
      let served = try serve(which, .echo, how: how, faults: [.fail(.FAULTS_POLL, .ioError)]) { server in
        let hasEnded = try server.hasEnded(within: 2_000)
        #expect(hasEnded)
      }
      #expect(served.failure == Failure(.wait, .ioError, at: .tcp(host: "127.0.0.1", port: 1)))
    }

    /// A port that is taken stays so, though a crew's listeners share theirs.
    @Test(arguments: Which.allCases)
    func anotherServerIsRefused(_ which: Which) throws {
      let how = ServeOptions(keepOpen: true, workers: 2)
      let served = try serve(which, .echo, how: how) { server in
        let peer = try Peer(to: server.endpoint)
        try peer.send("x")
        #expect(try peer.receive(1) == Array("x"))
        let taken = server.endpoint
        expectFailure(.bind, .addressInUse, at: taken) {
          _ = try which.engine.openServer([taken], backlog: 1, observer: nil)
        }
        server.stop()
      }
      #expect(served.failure == nil)
    }
  }
}
