internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct StreamTests {
    @Test("Bytes go both ways", arguments: EngineName.allCases, Transport.allCases)
    func bothDirections(_ which: EngineName, _ transport: Transport) throws {
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

    @Test("A half-close ends one direction", arguments: EngineName.allCases, Transport.allCases)
    func halfClose(_ which: EngineName, _ transport: Transport) throws {
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

    @Test(
      "Sockets have the flags and options that the header documents", arguments: EngineName.allCases, Transport.allCases
    )
    func socketOptions(_ which: EngineName, _ transport: Transport) throws {
      let link = try SocketPair(which.engine, transport)
      let isTCP = transport == .ipv4 || transport == .ipv6
      for number in [link.listener.number, link.client.number, link.server.descriptor.number] {
        #expect(TestSystem.descriptorFlags(number) == TestSystem.Flags(closeOnExec: true, nonBlocking: true))
        if isTCP { #expect(try TestSystem.option(number, CInt(IPPROTO_TCP), TCP_NODELAY) != 0) }
      }
      if transport == .ipv6 {
        #expect(try TestSystem.option(link.listener.number, CInt(IPPROTO_IPV6), IPV6_V6ONLY) != 0)
      }
    }

    @Test("A full socket accepts no bytes until its peer has read", arguments: EngineName.allCases)
    func fullSocket(_ which: EngineName) throws {
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
      #expect(try e.wait(link.client.lent, for: .writable, stop: nil, timeout: .seconds(timeoutSeconds)) == .writable)
    }

    @Test("A reset is reported", arguments: EngineName.allCases)
    func reset(_ which: EngineName) throws {
      let e = which.engine
      let listener = try RawListener(at: .anyIPv4)
      let connection = try e.openClient([listener.endpoint], timeout: .seconds(timeoutSeconds), observer: nil)
      try listener.accept().reset()
      try e.awaitInput(connection.descriptor)
      expectFailure(.receive, .connectionReset) { _ = try e.receive(connection.descriptor, atMost: 1) }
    }

    // MARK: Any descriptor

    @Test("A pipe can be read and written", arguments: EngineName.allCases)
    func pipe(_ which: EngineName) throws {
      let e = which.engine
      let pipe = try TestSystem.pipe(nonBlocking: true)
      #expect(try e.read(pipe.first, atMost: 10) == nil)
      try e.write(pipe.second, "")
      try e.write(pipe.second, "some bytes")
      #expect(try e.read(pipe.first, atMost: 4) == Array("some"))
      #expect(try e.read(pipe.first, atMost: 100) == Array(" bytes"))
      let writer = Descriptor(owning: pipe.release().second)
      expectFailure(.input, .badFileDescriptor) { _ = try e.read(writer, atMost: 1) }
    }

    @Test("Writing to a full pipe waits for its reader and loses no bytes", arguments: EngineName.allCases)
    func fullPipe(_ which: EngineName) throws {
      let bytes = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
      let ends = try TestSystem.pipe(nonBlocking: true).release()
      let reader = Descriptor(owning: ends.first)
      let thread = try TestThread {
        let writer = Descriptor(owning: ends.second)
        return failure { try which.engine.write(writer.lent, bytes.span) }
      }
      expectBytes(try reader.readAll(atMost: .max), bytes)
      #expect(try thread.value() == nil)
    }

    @Test("Writing to a closed pipe is an error", arguments: EngineName.allCases)
    func closedPipe(_ which: EngineName) throws {
      let thread = try TestThread {  // SIGPIPE is blocked in it
        let ends = try TestSystem.pipe().release()
        _ = Descriptor(owning: ends.first)
        let writer = Descriptor(owning: ends.second)
        return failure { try which.engine.write(writer, "x") }
      }
      #expect(try thread.value() == Failure(.output, .brokenPipe))
    }

    @Test("Writing to a full device is an error", arguments: EngineName.allCases)
    func fullDevice(_ which: EngineName) throws {
      let full = try TestSystem.open("/dev/full", O_WRONLY)
      expectFailure(.output, .noSpace) { try which.engine.write(full, "x") }
    }

    // MARK: Waiting

    @Test("A writer is non-blocking and does not change the descriptor that other processes share")
    func ownDescriptor() throws {
      for which in EngineName.allCases {
        let e = which.engine
        let pipe = try FullPipe()
        let writer = try e.openWriter(pipe.writer.lent)
        #expect(TestSystem.descriptorFlags(pipe.writer.number).nonBlocking == false)
        #expect(TestSystem.descriptorFlags(writer.number) == TestSystem.Flags(closeOnExec: true, nonBlocking: true))
        for descriptor in [writer.lent, pipe.writer.lent] {
          #expect(try e.writeSome(descriptor, Array("x").span) == nil)
        }
        try pipe.makeRoom()
        for descriptor in [writer.lent, pipe.writer.lent] {
          #expect(try e.writeSome(descriptor, [UInt8](repeating: 1, count: 10_000).span) == 4096)
          #expect(try TestSystem.readAll(pipe.reader, atMost: 4096).count == 4096)
        }
        let sockets = try TestSystem.socketPair()
        let socket = try e.openWriter(sockets.first.lent)
        #expect(TestSystem.descriptorFlags(socket.number) == TestSystem.Flags(closeOnExec: true, nonBlocking: false))
        #expect(try e.writeSome(socket.lent, Array("abc").span) == 3)
        expectFailure(.output, .badFileDescriptor) { _ = try e.openWriter(FileDescriptor(rawValue: -1)) }
      }
    }

    @Test("A wait returns the events that are ready", arguments: EngineName.allCases)
    func readiness(_ which: EngineName) throws {
      let e = which.engine
      let pair = try TestSystem.socketPair(nonBlocking: true)
      let (both, soon) = ([Readiness.readable, .writable] as Readiness, Duration.seconds(timeoutSeconds))
      #expect(try e.wait(pair.first.lent, for: both, stop: nil, timeout: soon) == .writable)
      try e.write(pair.second, "x")
      #expect(try e.wait(pair.first.lent, for: both, stop: nil, timeout: nil) == both)
      #expect(try e.wait(pair.first.lent, for: .readable, stop: nil, timeout: .zero) == .readable)
    }

    @Test("A wait reports the stop first, even if its descriptor is ready", arguments: EngineName.allCases)
    func stop(_ which: EngineName) throws {
      let e = which.engine
      let (ready, stop) = (try TestSystem.open("/dev/zero", O_RDONLY).release(), try TestSystem.pipe().release())
      let zero = Descriptor(owning: ready)
      let reader = Descriptor(owning: stop.first)
      let writer = Descriptor(owning: stop.second)
      #expect(try e.wait(zero.lent, for: .readable, stop: reader.lent, timeout: nil) == .readable)
      try e.write(writer, "x")
      for timeout in [Duration?.none, .zero, .seconds(timeoutSeconds)] {
        expectFailure(.wait, .canceled) {
          _ = try e.wait(zero.lent, for: .readable, stop: reader.lent, timeout: timeout)
        }
      }
    }

    /// The next call on it reports the error.
    @Test("A descriptor that ended, failed or is closed is ready for all events", arguments: EngineName.allCases)
    func endedDescriptors(_ which: EngineName) throws {
      let e = which.engine
      let (sockets, pipe) = (try TestSystem.socketPair().release(), try TestSystem.pipe().release())
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

    @Test("Calls on an invalid descriptor report EBADF", arguments: EngineName.allCases)
    func badDescriptors(_ which: EngineName) throws {
      let e = which.engine
      let number = try TestSystem.socketPair().release()
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
