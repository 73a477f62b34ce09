// Rare results of system calls: interruptions, short counts and shortages.
internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct FaultTests {
    private static let interrupted = Errno.interrupted

    @Test("Faults affect only the thread that sets them", arguments: EngineName.allCases)
    func ownThread(_ which: EngineName) throws {
      let zero = try TestSystem.open("/dev/zero", O_RDONLY)
      let number = zero.number
      try FaultInjection.during([.fail(.FAULTS_READ, .ioError, times: 2)]) {
        for _ in 1...2 {
          expectFailure(.input, .ioError) { _ = try which.engine.read(zero, atMost: 1) }
        }
        #expect(faults_injected(.FAULTS_READ) == 2)
        #expect(try which.engine.read(zero, atMost: 1) == [0])
        faults_fail(.FAULTS_READ, EIO, 0, 1, false)
        let extra = try TestThread { try TestSystem.read(number, atMost: 1) }
        #expect(try extra.value() == [0])
        #expect(throws: Errno.ioError) { try TestSystem.read(number, atMost: 1) }
      }
      #expect(try which.engine.read(zero, atMost: 1) == [0])
    }

    // MARK: Interruptions

    @Test("Interrupted calls are repeated", arguments: EngineName.allCases, Transport.allCases)
    func interruptedCallsAreMadeAgain(_ which: EngineName, _ transport: Transport) throws {
      let again: [faults_call] = [.FAULTS_ACCEPT, .FAULTS_RECV, .FAULTS_SEND, .FAULTS_POLL]
      let faults = again.map { Fault.fail($0, Self.interrupted, times: 3) }
      try FaultInjection.during(faults + [.fail(.FAULTS_CONNECT, Self.interrupted, late: true)]) {
        try Self.converse(which.engine, transport)
      }
    }

    @Test("Calls that Linux does not interrupt are repeated too", arguments: EngineName.allCases, Transport.allCases)
    func rareInterruptions(_ which: EngineName, _ transport: Transport) throws {
      let again: [faults_call] = [
        .FAULTS_SOCKET, .FAULTS_BIND, .FAULTS_LISTEN, .FAULTS_GETSOCKNAME, .FAULTS_SHUTDOWN,
      ]
      let tcp: [faults_call] = transport == .ipv4 || transport == .ipv6 ? [.FAULTS_SETSOCKOPT] : []
      try FaultInjection.during((again + tcp).map { Fault.fail($0, Self.interrupted, times: 3) }) {
        try Self.converse(which.engine, transport)
      }
    }

    private static func converse(_ e: any Engine.Type, _ transport: Transport) throws {
      let link = try SocketPair(e, transport)
      #expect(try e.send(link.client, "x") == 1)
      try e.halfClose(link.client)
      try e.awaitInput(link.server.descriptor)
      #expect(try e.receive(link.server.descriptor, atMost: 9) == Array("x"))
    }

    @Test("Interrupted reads and writes are repeated", arguments: EngineName.allCases)
    func readAndWrite(_ which: EngineName) throws {
      let pipe = try TestSystem.pipe()
      try FaultInjection.during([
        .fail(.FAULTS_READ, Self.interrupted, times: 3), .fail(.FAULTS_WRITE, Self.interrupted, times: 3),
      ]) {
        try which.engine.write(pipe.second, "text")
        #expect(try which.engine.read(pipe.first, atMost: 9) == Array("text"))
      }
    }

    /// Linux has closed the descriptor already, so a second close(2) could close another file.
    @Test("An interrupted close is not repeated", arguments: EngineName.allCases)
    func close(_ which: EngineName) throws {
      let ends = try TestSystem.socketPair().release()
      try FaultInjection.during([.fail(.FAULTS_CLOSE, Self.interrupted, late: true)]) {
        try which.engine.close(Descriptor(owning: ends.first))
        #expect(faults_made(.FAULTS_CLOSE) == 1)
      }
      _ = Descriptor(owning: ends.second)
    }

    @Test("An interrupted wait continues for the time that is left", arguments: EngineName.allCases)
    func deadline(_ which: EngineName) throws {
      let pipe = try TestSystem.pipe()
      let start = ContinuousClock.now
      FaultInjection.during([.fail(.FAULTS_POLL, Self.interrupted, times: 5, late: true)]) {
        expectFailure(.wait, .timedOut) {
          _ = try which.engine.wait(pipe.first.lent, for: .readable, stop: nil, timeout: .milliseconds(50))
        }
      }
      #expect(ContinuousClock.now - start < .seconds(timeoutSeconds))
    }

    @Test("An interrupted wait for a full backlog continues", arguments: EngineName.allCases)
    func backlog(_ which: EngineName) throws {
      let target = try Transport.unix.makeEndpoint()
      let listener = try RawListener(at: target.endpoint, backlog: 0)
      let filler = try RawPeer(to: target.endpoint)
      let client = try which.engine.create(for: target.endpoint)
      FaultInjection.during([.fail(.FAULTS_CONNECT, Self.interrupted, after: 1, times: 2)]) {
        expectFailure(.connect, .timedOut) {
          try which.engine.connect(client, to: target.endpoint, timeout: .milliseconds(100))
        }
        #expect(faults_made(.FAULTS_CONNECT) == 4)
      }
      _ = consume filler
      _ = try listener.accept()
    }

    // MARK: Short counts

    @Test("Short counts lose no bytes in serving", arguments: EngineName.allCases, [1, 7])
    func shortCountsLoseNothingInServing(_ which: EngineName, _ cap: Int) throws {
      let greeting = (0..<20_000).map { UInt8(truncatingIfNeeded: $0) }
      let sent = try serve(which, .greeting(greeting), faults: [.cap(.FAULTS_SEND, cap)]) { server in
        let received = try RawPeer.receiveAll(from: server.endpoint)
        expectBytes(received, greeting)
      }
      #expect(sent.failure == nil)
      let faults = [Fault.cap(.FAULTS_RECV, cap), .cap(.FAULTS_SEND, cap), .cap(.FAULTS_WRITE, cap)]
      let message = try serve(which, .message, faults: faults) { server in
        let peer = try RawPeer(to: server.endpoint)
        try peer.send([UInt8](repeating: 0x78, count: 200) + Array("\nmore"))
        #expect(try peer.receiveToEnd() == Array("I got your message"))
      }
      #expect(message.failure == nil)
      #expect(message.printed == Array("Here is the message: ") + [UInt8](repeating: 0x78, count: 200) + [10, 10])
    }

    @Test("Short counts lose no bytes in relaying", arguments: EngineName.allCases, [1, 7, 1000])
    func relay(_ which: EngineName, _ cap: Int) throws {
      let text = String(repeating: "relayed ", count: 1000)
      let run = try RelayHarness(which)
      try run.start(faults: [
        .cap(.FAULTS_RECV, cap + 1), .cap(.FAULTS_WRITE, cap), .cap(.FAULTS_READ, cap + 1), .cap(.FAULTS_SEND, cap),
      ])
      try run.writeInput(text)
      run.input = nil
      expectBytes(try run.peer!.receiveToEnd(), Array(text))
      try run.peer!.send(text)
      run.peer = nil
      expectBytes(try run.written(), Array(text))
      #expect(try run.wait().failure == nil)
    }

    // MARK: Failures

    @Test("A failed call is reported under the name of its step")
    func steps() throws {
      let calls: [(faults_call, Step)] = [
        (.FAULTS_SOCKET, .create), (.FAULTS_SETSOCKOPT, .create), (.FAULTS_BIND, .bind), (.FAULTS_LISTEN, .listen),
        (.FAULTS_GETSOCKNAME, .resolve), (.FAULTS_CONNECT, .connect), (.FAULTS_POLL, .connect),
        (.FAULTS_ACCEPT, .accept),
      ]
      for (call, step) in calls {
        for error in [Errno.noBufferSpace, .noMemory, .ioError] {
          let failed = try fromBoth { which in
            try FaultInjection.during([.fail(call, error)]) {
              do {
                _ = try SocketPair(which.engine, .ipv4)
                return Failure?.none
              } catch let failure as Failure {
                return failure
              }
            }
          }
          #expect(failed == Failure(step, error), "\(call)")
        }
      }
    }

    @Test("A failed transfer is reported under the name of its step")
    func transfers() throws {
      for error in [Errno.noBufferSpace, .noMemory, .ioError] {
        let failures = try fromBoth { which in
          let e = which.engine
          let link = try SocketPair(e, .ipv4)
          let pipe = try TestSystem.pipe()
          return FaultInjection.during(
            [.FAULTS_RECV, .FAULTS_SEND, .FAULTS_READ, .FAULTS_WRITE, .FAULTS_SHUTDOWN, .FAULTS_POLL].map {
              .fail($0, error)
            }
          ) {
            [
              failure { _ = try e.receive(link.client, atMost: 1) },
              failure { _ = try e.send(link.client, "x") },
              failure { _ = try e.read(pipe.first, atMost: 1) },
              failure { try e.write(pipe.second, "x") },
              failure { try e.halfClose(link.client) },
              failure {
                _ = try e.wait(pipe.first.lent, for: .readable, stop: nil, timeout: .zero)
              },
            ]
          }
        }
        #expect(failures == [Step.receive, .send, .input, .output, .halfClose, .wait].map { Failure($0, error) })
      }
    }

    @Test("A writer whose wait fails reports a failure of the output")
    func failedWait() throws {
      let failed = try fromBoth { which in
        let pipe = try TestSystem.pipe(nonBlocking: true)
        let bytes = [UInt8](repeating: 0, count: 200_000)
        return FaultInjection.during([.fail(.FAULTS_POLL, .noMemory)]) {
          failure { try which.engine.write(pipe.second.lent, bytes.span) }
        }
      }
      #expect(failed == Failure(.output, .noMemory))
    }

    @Test("A server that can't be opened leaves no file", arguments: [faults_call.FAULTS_LISTEN, .FAULTS_GETSOCKNAME])
    func noFile(_ call: faults_call) throws {
      let folder = try TemporaryFolder()
      let path = folder.path("socket")
      let events = try fromBoth { which in
        let recorder = EventRecorder()
        let failed = FaultInjection.during([.fail(call, .noBufferSpace)]) {
          failure {
            _ = try which.engine.openServer([.unix(path: path)], backlog: 1, observer: recorder.observer)
          }
        }
        #expect(throws: Errno.noSuchFileOrDirectory) { try TestSystem.status(path) }
        #expect(failed == Failure(call == .FAULTS_LISTEN ? .listen : .bind, .noBufferSpace, at: .unix(path: path)))
        return recorder.masked()
      }
      #expect(events.last?.failure?.cause == .system(.noBufferSpace))
    }
  }
}
