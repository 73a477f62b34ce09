internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct StreamTests {
    @Test(arguments: Which.allCases, Transport.allCases)
    func bytesGoBothWays(_ which: Which, _ transport: Transport) throws {
      let e = which.engine
      let link = try SocketPair(e, transport)
      #expect(try e.receive(link.client, atMost: 10) == nil)
      #expect(try e.receive(link.server.descriptor, atMost: 10) == nil)
      #expect(try e.send(link.client, "to the server") == 13)
      try e.awaitInput(link.server.descriptor)
      #expect(try e.receive(link.server.descriptor, atMost: 6) == Array("to the"))
      #expect(try e.receive(link.server.descriptor, atMost: 100) == Array(" server"))
      #expect(try e.send(link.server.descriptor, "to the client") == 13)
      try e.awaitInput(link.client)
      #expect(try e.receive(link.client, atMost: 100) == Array("to the client"))
      #expect(try e.send(link.client, "") == 0)
    }

    @Test(arguments: Which.allCases, Transport.allCases)
    func aHalfCloseEndsOneWay(_ which: Which, _ transport: Transport) throws {
      let e = which.engine
      let link = try SocketPair(e, transport)
      #expect(try e.send(link.client, "last") == 4)
      try e.halfClose(link.client)
      try e.awaitInput(link.server.descriptor)
      #expect(try e.receive(link.server.descriptor, atMost: 10) == Array("last"))
      try e.awaitInput(link.server.descriptor)
      #expect(try e.receive(link.server.descriptor, atMost: 10) == [])
      #expect(try e.send(link.server.descriptor, "still") == 5)
      try e.awaitInput(link.client)
      #expect(try e.receive(link.client, atMost: 10) == Array("still"))
      expectFailure(.send, .brokenPipe) { _ = try e.send(link.client, "x") }
    }

    @Test(arguments: Which.allCases, Transport.allCases)
    func socketsAreMadeAsPromised(_ which: Which, _ transport: Transport) throws {
      let link = try SocketPair(which.engine, transport)
      let isTCP = transport == .ipv4 || transport == .ipv6
      for number in [link.listener.number, link.client.number, link.server.descriptor.number] {
        #expect(Kernel.descriptorFlags(number) == Kernel.Flags(closeOnExec: true, nonBlocking: true))
        if isTCP { #expect(try Kernel.option(number, CInt(IPPROTO_TCP), TCP_NODELAY) != 0) }
      }
      if transport == .ipv6 {
        #expect(try Kernel.option(link.listener.number, CInt(IPPROTO_IPV6), IPV6_V6ONLY) != 0)
      }
    }

    @Test(arguments: Which.allCases)
    func aFullSocketTakesNothing(_ which: Which) throws {
      let e = which.engine
      let link = try SocketPair(e, .unix)
      let block = [UInt8](repeating: 1, count: 65_536)
      var sent = 0
      while let count = try e.send(link.client, block.span, more: false) { sent += count }
      #expect(sent > 0)
      expectFailure(.wait, .timedOut) {
        _ = try e.wait(link.client.lent, for: .writable, stop: nil, timeout: .milliseconds(20))
      }
      var received = 0
      while let some = try e.receive(link.server.descriptor, atMost: 65_536) { received += some.count }
      #expect(received == sent)
      #expect(try e.wait(link.client.lent, for: .writable, stop: nil, timeout: .seconds(patience)) == .writable)
    }

    @Test(arguments: Which.allCases)
    func aResetIsToldOnce(_ which: Which) throws {
      let e = which.engine
      let listener = try Listener(at: .anyIPv4)
      let connection = try e.openClient([listener.endpoint], timeout: .seconds(patience), observer: nil)
      try listener.accept().reset()
      try e.awaitInput(connection.descriptor)
      expectFailure(.receive, .connectionReset) { _ = try e.receive(connection.descriptor, atMost: 1) }
    }

    // MARK: Any descriptor

    @Test(arguments: Which.allCases)
    func pipesAreReadAndWritten(_ which: Which) throws {
      let e = which.engine
      let pipe = try Kernel.pipe(nonBlocking: true)
      #expect(try e.read(pipe.first, atMost: 10) == nil)
      try e.write(pipe.second, "")
      try e.write(pipe.second, "some bytes")
      #expect(try e.read(pipe.first, atMost: 4) == Array("some"))
      #expect(try e.read(pipe.first, atMost: 100) == Array(" bytes"))
      let writer = Descriptor(owning: pipe.release().second)
      expectFailure(.input, .badFileDescriptor) { _ = try e.read(writer, atMost: 1) }
    }

    /// A non-blocking pipe that is full: writing waits for its reader, and loses nothing.
    @Test(arguments: Which.allCases)
    func writingWaitsWhereItMust(_ which: Which) throws {
      let bytes = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
      let ends = try Kernel.pipe(nonBlocking: true).release()
      let reader = Descriptor(owning: ends.first)
      let worker = try Worker {
        let writer = Descriptor(owning: ends.second)
        return failure { try which.engine.write(writer.lent, bytes.span) }
      }
      expectBytes(try reader.readAll(atMost: .max), bytes)
      #expect(try worker.value() == nil)
    }

    @Test(arguments: Which.allCases)
    func aClosedPipeIsAnError(_ which: Which) throws {
      let worker = try Worker {  // where SIGPIPE is blocked
        let ends = try Kernel.pipe().release()
        _ = Descriptor(owning: ends.first)
        let writer = Descriptor(owning: ends.second)
        return failure { try which.engine.write(writer, "x") }
      }
      #expect(try worker.value() == Failure(.output, .brokenPipe))
    }

    @Test(arguments: Which.allCases)
    func aFullDeviceIsAnError(_ which: Which) throws {
      let full = try Kernel.open("/dev/full", O_WRONLY)
      expectFailure(.output, .noSpace) { try which.engine.write(full, "x") }
    }

    // MARK: Waiting

    @Test(arguments: Which.allCases)
    func waitingTellsWhatIsReady(_ which: Which) throws {
      let e = which.engine
      let pair = try Kernel.socketPair(nonBlocking: true)
      let (both, soon) = ([Readiness.readable, .writable] as Readiness, Duration.seconds(patience))
      #expect(try e.wait(pair.first.lent, for: both, stop: nil, timeout: soon) == .writable)
      try e.write(pair.second, "x")
      #expect(try e.wait(pair.first.lent, for: both, stop: nil, timeout: nil) == both)
      #expect(try e.wait(pair.first.lent, for: .readable, stop: nil, timeout: .zero) == .readable)
    }

    @Test(arguments: Which.allCases)
    func aStopComesFirst(_ which: Which) throws {
      let e = which.engine
      let (ready, stop) = (try Kernel.open("/dev/zero", O_RDONLY).release(), try Kernel.pipe().release())
      let zero = Descriptor(owning: ready)
      let reader = Descriptor(owning: stop.first)
      let writer = Descriptor(owning: stop.second)
      #expect(try e.wait(zero.lent, for: .readable, stop: reader.lent, timeout: nil) == .readable)
      try e.write(writer, "x")
      for timeout in [Duration?.none, .zero, .seconds(patience)] {
        expectFailure(.wait, .canceled) {
          _ = try e.wait(zero.lent, for: .readable, stop: reader.lent, timeout: timeout)
        }
      }
    }

    /// Such a time is as good as none; in a process of its own, because it might be its death.
    @Test(arguments: Which.allCases)
    func waitingMayTakeForever(_ which: Which) async {
      await #expect(processExitsWith: .success) { [which] in
        let zero = try Kernel.open("/dev/zero", O_RDONLY)
        for timeout in [Duration.seconds(Int64(Int32.max)), .seconds(Int64.max / 1000), .seconds(Int64.max)] {
          #expect(
            try which.engine.wait(zero.lent, for: .readable, stop: nil, timeout: timeout) == .readable)
        }
      }
    }

    /// What has failed, has ended or is closed is ready for all that was asked: the next call on it will tell.
    @Test(arguments: Which.allCases)
    func endedAndClosedDescriptorsAreReady(_ which: Which) throws {
      let e = which.engine
      let (sockets, pipe) = (try Kernel.socketPair().release(), try Kernel.pipe().release())
      let (socket, writer) = (sockets.first, pipe.second)
      _ = Descriptor(owning: sockets.second)
      _ = Descriptor(owning: pipe.first)
      for events in [Readiness.readable, .writable, [.readable, .writable]] as [Readiness] {
        for number in [socket, writer, 1_000_000] {
          #expect(try e.wait(FileDescriptor(rawValue: number), for: events, stop: nil, timeout: nil) == events)
        }
      }
      _ = Descriptor(owning: socket)
      _ = Descriptor(owning: writer)
    }

    @Test(arguments: Which.allCases)
    func closingTellsOfAWrongDescriptor(_ which: Which) throws {
      let e = which.engine
      let number = try Kernel.socketPair().release()
      _ = Descriptor(owning: number.second)
      try e.close(Descriptor(owning: number.first))
      let wrong = CInt(1_000_000)
      expectFailure(.close, .badFileDescriptor) { try e.close(Descriptor(owning: wrong)) }
      let socket = Descriptor(owning: wrong)
      expectFailure(.halfClose, .badFileDescriptor) { try e.halfClose(socket) }
      expectFailure(.receive, .badFileDescriptor) { _ = try e.receive(socket, atMost: 1) }
      expectFailure(.send, .badFileDescriptor) { _ = try e.send(socket, "x") }
      expectFailure(.accept, .badFileDescriptor) { _ = try e.accept(socket) }
      expectFailure(.listen, .badFileDescriptor) { try e.listen(socket, backlog: 1) }
    }
  }
}
