// The output of the message service, if nobody reads it.
internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct OutputTests {
    private static let answer = Array("I got your message")

    @Test(
      "A client whose message finds no room in the output waits, and is answered once there is room",
      arguments: EngineName.allCases, [1, 3])
    func waiting(_ which: EngineName, _ workers: Int) throws {
      let pipe = try FullPipe()
      let options = ServeOptions(workers: workers)
      let outcome = try serve(
        which, .message, keepOpen: true, options: options, output: try pipe.output()
      ) { server in
        let peers = try (0..<20).map { _ in PeerBox(try RawPeer(to: server.endpoint)) }
        for (index, box) in peers.enumerated() { try box.peer.send("message \(index)\n") }
        #expect(try !server.hasEnded(within: 100))
        try pipe.makeRoom()
        for box in peers { #expect(try box.peer.receiveToEnd() == Self.answer) }
        server.stop()
      }
      #expect(outcome.failure == nil)
      let printed = String(decoding: try TestSystem.read(pipe.reader, atMost: 65_536), as: UTF8.self)
      let lines = printed.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let expected = (0..<20).map { "Here is the message: message \($0)" }
      // The message's own newline is printed, too.
      #expect(Set(lines) == Set(expected + [""]) && lines.count == 41, "\(printed)")
    }

    @Test(
      "A client whose message waits for the output is not idle, and its idle time starts anew afterwards",
      arguments: EngineName.allCases, [1, 3])
    func idleTime(_ which: EngineName, _ workers: Int) throws {
      let pipe = try FullPipe()
      let options = ServeOptions(
        keepOpen: true, workers: workers, limits: ClientLimits(idle: .milliseconds(100)))
      // The reply finds no room twice. A client whose idle time had passed would be closed after the first time. Faults
      // are those of one thread.
      let faults: [Fault] = workers == 1 ? [.fail(.FAULTS_SEND, .resourceTemporarilyUnavailable, times: 2)] : []
      let outcome = try serve(which, .message, options: options, faults: faults, output: try pipe.output()) { server in
        let peers = try (0..<3).map { _ in PeerBox(try RawPeer(to: server.endpoint)) }
        for box in peers { try box.peer.send("x\n") }
        for box in peers { #expect(try !TestSystem.isReadable(box.peer.socket.number, within: 200)) }
        try pipe.makeRoom()
        for box in peers { #expect(try box.peer.receiveToEnd() == Self.answer) }
        let idle = try RawPeer(to: server.endpoint)
        try idle.send("half a line")
        #expect(idle.receiveToFailure().bytes == [])
        server.stop()
      }
      #expect(outcome.failure == nil)
      let ended = outcome.events.filter { $0.step == .close }.compactMap { $0.failure?.bare }
      #expect(ended == [Failure(.wait, .timedOut)], "the last client only")
    }

    @Test("A stop ends a server whose output has no room", arguments: EngineName.allCases, [1, 3])
    func stop(_ which: EngineName, _ workers: Int) throws {
      for drain in [Duration.zero, .seconds(timeoutSeconds)] {
        let pipe = try FullPipe()
        let options = ServeOptions(drain: drain, workers: workers)
        let recorder = EventRecorder()
        let outcome = try serve(
          which, .message, keepOpen: true, options: options, recorder: recorder, output: try pipe.output()
        ) { server in
          let peer = try RawPeer(to: server.endpoint)
          try peer.send("x\n")
          #expect(try !server.hasEnded(within: 100))
          server.stop()
          if drain > .zero {
            #expect(try !server.hasEnded(within: 100), "the client may still be answered")
            server.stop()
          }
          #expect(try server.hasEnded(within: CInt(timeoutSeconds) * 1000))
        }
        #expect(outcome.failure == nil)
      }
    }

    @Test("A client that leaves while its message waits is printed all the same", arguments: EngineName.allCases)
    func leaving(_ which: EngineName) throws {
      let pipe = try FullPipe()
      let outcome = try serve(which, .message, keepOpen: true, output: try pipe.output()) { server in
        try RawPeer(to: server.endpoint).send("last\n")
        #expect(try !server.hasEnded(within: 100))
        try pipe.makeRoom()
        let text = Array("Here is the message: last\n\n")
        #expect(try TestSystem.readAll(pipe.reader, atMost: text.count) == text)
        server.stop()
      }
      #expect(outcome.failure == nil)
    }

    @Test("The end of the output's reader ends a server that waits for it", arguments: EngineName.allCases)
    func closedReader(_ which: EngineName) throws {
      let ends = try TestSystem.pipe().release()
      let writer = Descriptor(owning: ends.second)
      while try TestSystem.isWritable(ends.second, within: 0) {
        _ = try TestSystem.write(ends.second, [UInt8](repeating: 0, count: 4096)[...])
      }
      let outcome = try serve(which, .message, keepOpen: true, output: writer) { server in
        let peer = try RawPeer(to: server.endpoint)
        try peer.send("x\n")
        #expect(try !server.hasEnded(within: 100))
        try FileDescriptor(rawValue: ends.first).close()
        #expect(try server.hasEnded(within: CInt(timeoutSeconds) * 1000))
      }
      #expect(outcome.failure == Failure(.output, .brokenPipe))
    }

    /// As another process, or another thread that writes to the same pipe, may do at any time.
    @Test(
      "A write to a blocking pipe never waits, even if another writer takes the room", arguments: EngineName.allCases)
    func takenRoom(_ which: EngineName) throws {
      let pipe = try FullPipe()
      #expect(try TestSystem.readAll(pipe.reader, atMost: 4096).count == 4096)
      let writer = pipe.writer.number
      let thread = try TestThread { () throws -> Int? in
        TestSystem.block(SIGPIPE)
        faults_announce(.FAULTS_WRITE, 0, writer)  // takes the last page of the pipe
        defer { faults_clear() }
        return try which.engine.writeSome(FileDescriptor(rawValue: writer), Array("x").span)
      }
      #expect(try thread.value() == nil)
      #expect(try TestSystem.readAll(pipe.reader, atMost: 8192).count == 8192)
      // Without descriptors for a pipe of its own, the engine asks poll(2) whether there is room.
      try FaultInjection.during([.fail(.FAULTS_PIPE, .tooManyOpenFiles, times: 2)]) {
        #expect(try which.engine.writeSome(pipe.writer.lent, Array("x").span) == 1)
        while try which.engine.writeSome(pipe.writer.lent, [UInt8](repeating: 0, count: 4096).span) != nil {}
      }
    }
  }
}
