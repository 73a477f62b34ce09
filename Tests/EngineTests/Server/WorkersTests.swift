// Several workers that serve one server's clients.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct WorkersTests {
    @Test("Several workers serve the clients of one server", arguments: EngineName.allCases, Transport.allCases)
    func sharedClients(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let options = ServeOptions(keepOpen: true, drain: .seconds(20), workers: 3)
      let served = try serve(which, .echo, at: target.endpoint, options: options) { server in
        for number in 1...40 {
          let peer = try RawPeer(to: server.endpoint)
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

    @Test("A failure of the server's output in one worker ends all workers at once", arguments: EngineName.allCases)
    func failedOutput(_ which: EngineName) throws {
      let options = ServeOptions(keepOpen: true, drain: .seconds(20), workers: 3)
      let full = Descriptor(owning: try FileDescriptor.open(FilePath("/dev/full"), .writeOnly).rawValue)
      let served = try serve(which, .message, options: options, output: full) { server in
        let waiting = try (0..<9).map { _ in PeerBox(try RawPeer(to: server.endpoint)) }
        let peer = try RawPeer(to: server.endpoint)
        try peer.send("hello\n")
        _ = peer.receiveToFailure()
        #expect(try server.hasEnded(within: 5_000))
        for each in waiting { #expect(each.peer.receiveToFailure().bytes == []) }
      }
      #expect(served.failure == Failure(.output, .noSpace))
    }

    @Test("A failed wait in one worker ends all workers", arguments: EngineName.allCases)
    func failedWait(_ which: EngineName) throws {
      let options = ServeOptions(keepOpen: true, drain: .seconds(20), workers: 2)
      let served = try serve(which, .echo, options: options, faults: [.fail(.FAULTS_POLL, .ioError)]) { server in
        let hasEnded = try server.hasEnded(within: 2_000)
        #expect(hasEnded)
      }
      #expect(served.failure == Failure(.wait, .ioError, at: .tcp(host: "127.0.0.1", port: 1)))
    }

    @Test(
      "A pipe that can't be created ends serving with its error",
      arguments: [Errno.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory], 0...4)
    func failedPipe(_ error: Errno, skip: Int) throws {
      let options = ServeOptions(keepOpen: true, drain: .seconds(20), workers: 2)
      let served = try fromBoth { which in
        try serve(
          which, .echo, options: options, faults: [.fail(.FAULTS_PIPE, error, after: UInt32(skip))]
        ) { server in
          let hasEnded = try server.hasEnded(within: 20_000)
          #expect(hasEnded)
        }
      }
      #expect(served.failure == Failure(.listen, error, at: .tcp(host: "127.0.0.1", port: 1)))
    }

    @Test(
      "A second server can't take the port, although the workers' listeners share it", arguments: EngineName.allCases)
    func secondServer(_ which: EngineName) throws {
      let options = ServeOptions(keepOpen: true, workers: 2)
      let served = try serve(which, .echo, options: options) { server in
        let peer = try RawPeer(to: server.endpoint)
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
