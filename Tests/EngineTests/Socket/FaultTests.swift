// What the kernel does seldom: interruptions, short counts, shortages.
internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct FaultTests {
    private static let interrupted = Errno.interrupted

    @Test(arguments: Which.allCases)
    func faultsAreTheThreadsOwn(_ which: Which) throws {
      let zero = try Kernel.open("/dev/zero", O_RDONLY)
      let number = zero.number
      try Fault.during([.fail(.FAULTS_READ, .ioError, times: 2)]) {
        for _ in 1...2 {
          expectFailure(.input, .ioError) { _ = try which.engine.read(zero, atMost: 1) }
        }
        #expect(faults_injected(.FAULTS_READ) == 2)
        #expect(try which.engine.read(zero, atMost: 1) == [0])
        faults_fail(.FAULTS_READ, EIO, 0, 1, false)
        let extra = try Worker { try Kernel.read(number, atMost: 1) }
        #expect(try extra.value() == [0])
        #expect(throws: Errno.ioError) { try Kernel.read(number, atMost: 1) }
      }
      #expect(try which.engine.read(zero, atMost: 1) == [0])
    }

    // MARK: Interruptions

    @Test(arguments: Which.allCases, Transport.allCases)
    func interruptedCallsAreMadeAgain(_ which: Which, _ transport: Transport) throws {
      let again: [faults_call] = [.FAULTS_ACCEPT, .FAULTS_RECV, .FAULTS_SEND, .FAULTS_POLL]
      let faults = again.map { Fault.fail($0, Self.interrupted, times: 3) }
      try Fault.during(faults + [.fail(.FAULTS_CONNECT, Self.interrupted, late: true)]) {
        try Self.talk(which.engine, transport)
      }
    }

    /// Linux interrupts none of these; the contract makes no difference.
    @Test(arguments: Which.allCases, Transport.allCases)
    func callsThatAreSeldomInterruptedAreMadeAgain(_ which: Which, _ transport: Transport) throws {
      let again: [faults_call] = [
        .FAULTS_SOCKET, .FAULTS_BIND, .FAULTS_LISTEN, .FAULTS_GETSOCKNAME, .FAULTS_SHUTDOWN,
      ]
      let tcp: [faults_call] = transport == .ipv4 || transport == .ipv6 ? [.FAULTS_SETSOCKOPT] : []
      try Fault.during((again + tcp).map { Fault.fail($0, Self.interrupted, times: 3) }) {
        try Self.talk(which.engine, transport)
      }
    }

    private static func talk(_ e: any Engine.Type, _ transport: Transport) throws {
      let link = try SocketPair(e, transport)
      #expect(try e.send(link.client, "x") == 1)
      try e.halfClose(link.client)
      try e.awaitInput(link.server.descriptor)
      #expect(try e.receive(link.server.descriptor, atMost: 9) == Array("x"))
    }

    @Test(arguments: Which.allCases)
    func interruptedReadsAndWritesAreMadeAgain(_ which: Which) throws {
      let pipe = try Kernel.pipe()
      try Fault.during([
        .fail(.FAULTS_READ, Self.interrupted, times: 3), .fail(.FAULTS_WRITE, Self.interrupted, times: 3),
      ]) {
        try which.engine.write(pipe.second, "text")
        #expect(try which.engine.read(pipe.first, atMost: 9) == Array("text"))
      }
    }

    /// Linux has closed the descriptor even then: a second close(2) could hit another's.
    @Test(arguments: Which.allCases)
    func anInterruptedCloseIsNotMadeAgain(_ which: Which) throws {
      let ends = try Kernel.socketPair().release()
      try Fault.during([.fail(.FAULTS_CLOSE, Self.interrupted, late: true)]) {
        try which.engine.close(Descriptor(owning: ends.first))
        #expect(faults_made(.FAULTS_CLOSE) == 1)
      }
      _ = Descriptor(owning: ends.second)
    }

    /// Waiting goes on for what is left, not for the whole time again.
    @Test(arguments: Which.allCases)
    func anInterruptedWaitKeepsItsDeadline(_ which: Which) throws {
      let pipe = try Kernel.pipe()
      let start = ContinuousClock.now
      Fault.during([.fail(.FAULTS_POLL, Self.interrupted, times: 5, late: true)]) {
        expectFailure(.wait, .timedOut) {
          _ = try which.engine.wait(pipe.first.lent, for: .readable, stop: nil, timeout: .milliseconds(50))
        }
      }
      #expect(ContinuousClock.now - start < .seconds(patience))
    }

    /// A full backlog: the call that waits for a place is interrupted, and made again.
    @Test(arguments: Which.allCases)
    func anInterruptedWaitForAPlaceGoesOn(_ which: Which) throws {
      let place = try Transport.unix.place()
      let listener = try Listener(at: place.endpoint, backlog: 0)
      let filler = try Peer(to: place.endpoint)
      let client = try which.engine.create(for: place.endpoint)
      Fault.during([.fail(.FAULTS_CONNECT, Self.interrupted, after: 1, times: 2)]) {
        expectFailure(.connect, .timedOut) {
          try which.engine.connect(client, to: place.endpoint, timeout: .milliseconds(100))
        }
        #expect(faults_made(.FAULTS_CONNECT) == 4)
      }
      _ = consume filler
      _ = try listener.accept()
    }

    // MARK: Short counts

    @Test(arguments: Which.allCases, [1, 7])
    func shortCountsLoseNothingInServing(_ which: Which, _ cap: Int) throws {
      let greeting = (0..<20_000).map { UInt8(truncatingIfNeeded: $0) }
      let sent = try serve(which, .greeting(greeting), faults: [.cap(.FAULTS_SEND, cap)]) { server in
        let heard = try Peer.listen(to: server.endpoint)
        expectBytes(heard, greeting)
      }
      #expect(sent.failure == nil)
      let faults = [Fault.cap(.FAULTS_RECV, cap), .cap(.FAULTS_SEND, cap), .cap(.FAULTS_WRITE, cap)]
      let message = try serve(which, .message, faults: faults) { server in
        let peer = try Peer(to: server.endpoint)
        try peer.send([UInt8](repeating: 0x78, count: 200) + Array("\nmore"))
        #expect(try peer.receiveToEnd() == Array("I got your message"))
      }
      #expect(message.failure == nil)
      #expect(message.printed == Array("Here is the message: ") + [UInt8](repeating: 0x78, count: 200) + [10, 10])
    }

    @Test(arguments: Which.allCases, [1, 7, 1000])
    func shortCountsLoseNothingInRelaying(_ which: Which, _ cap: Int) throws {
      let text = String(repeating: "relayed ", count: 1000)
      let run = try RelayRun(which)
      try run.start(faults: [
        .cap(.FAULTS_RECV, cap + 1), .cap(.FAULTS_WRITE, cap), .cap(.FAULTS_READ, cap + 1), .cap(.FAULTS_SEND, cap),
      ])
      try run.give(text)
      run.input = nil
      expectBytes(try run.peer!.receiveToEnd(), Array(text))
      try run.peer!.send(text)
      run.peer = nil
      expectBytes(try run.written(), Array(text))
      #expect(try run.wait().failure == nil)
    }

    // MARK: Failures

    /// Each step fails under its own name.
    @Test func failuresNameTheirStep() throws {
      let calls: [(faults_call, Step)] = [
        (.FAULTS_SOCKET, .create), (.FAULTS_SETSOCKOPT, .create), (.FAULTS_BIND, .bind), (.FAULTS_LISTEN, .listen),
        (.FAULTS_GETSOCKNAME, .resolve), (.FAULTS_CONNECT, .connect), (.FAULTS_POLL, .connect),
        (.FAULTS_ACCEPT, .accept),
      ]
      for (call, step) in calls {
        for error in [Errno.noBufferSpace, .noMemory, .ioError] {
          let failed = try same { which in
            try Fault.during([.fail(call, error)]) {
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

    @Test func transfersNameTheirStep() throws {
      for error in [Errno.noBufferSpace, .noMemory, .ioError] {
        let failures = try same { which in
          let e = which.engine
          let link = try SocketPair(e, .ipv4)
          let pipe = try Kernel.pipe()
          return Fault.during(
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

    /// A writer that has to wait, and can't.
    @Test func aFailedWaitOfAWriterIsTheOutputs() throws {
      let failed = try same { which in
        let pipe = try Kernel.pipe(nonBlocking: true)
        let bytes = [UInt8](repeating: 0, count: 200_000)
        return Fault.during([.fail(.FAULTS_POLL, .noMemory)]) {
          failure { try which.engine.write(pipe.second.lent, bytes.span) }
        }
      }
      #expect(failed == Failure(.output, .noMemory))
    }

    @Test(arguments: [faults_call.FAULTS_LISTEN, .FAULTS_GETSOCKNAME])
    func aServerThatFailsToOpenLeavesNoFile(_ call: faults_call) throws {
      let folder = try Folder()
      let path = folder.path("socket")
      let told = try same { which in
        let recording = Recording()
        let failed = Fault.during([.fail(call, .noBufferSpace)]) {
          failure {
            _ = try which.engine.openServer([.unix(path: path)], backlog: 1, observer: recording.observer)
          }
        }
        #expect(throws: Errno.noSuchFileOrDirectory) { try Kernel.status(path) }
        #expect(failed == Failure(call == .FAULTS_LISTEN ? .listen : .bind, .noBufferSpace, at: .unix(path: path)))
        return recording.masked()
      }
      #expect(told.last?.failure?.cause == .system(.noBufferSpace))
    }
  }
}
