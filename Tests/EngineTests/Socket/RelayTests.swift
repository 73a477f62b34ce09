internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct RelayTests {
    @Test("Bytes go both ways", arguments: EngineName.allCases, Transport.allCases)
    func bytesGoBothWays(_ which: EngineName, _ transport: Transport) throws {
      let run = try RelayHarness(which, over: transport)
      try run.start()
      try run.writeInput("quest\0ion")
      #expect(try run.peer!.receive(9) == Array("quest\0ion"))
      try run.peer!.send("ans\0wer")
      #expect(try run.written(7) == Array("ans\0wer"))
      run.input = nil
      #expect(try run.peer!.receiveToEnd() == [])
      try run.peer!.send("last")
      run.peer = nil
      #expect(try run.written() == Array("last"))
      #expect(try run.wait().failure == nil)
    }

    @Test("The end of the input half-closes the connection, and the server may still answer")
    func inputEnds() throws {
      let relayed = try fromBoth { which in
        let run = try RelayHarness(which)
        try run.start()
        run.input = nil
        #expect(try run.peer!.receiveToEnd() == [])
        try run.peer!.send("after the end")
        run.peer = nil
        #expect(try run.written() == Array("after the end"))
        return try run.wait()
      }
      #expect(relayed.failure == nil)
      #expect(relayed.events.map { $0.step } == [.input, .halfClose, .receive, .output, .receive])
      #expect(relayed.events[0] == Event(.input, on: Role.input))
    }

    @Test(
      "The relay ends when the server closes, even if input is left", arguments: EngineName.allCases, Transport.allCases
    )
    func serverCloses(_ which: EngineName, _ transport: Transport) throws {
      let run = try RelayHarness(which, over: transport)
      try run.peer!.send("bye")
      run.peer = nil
      try run.start()
      #expect(try run.written() == Array("bye"))
      #expect(try run.wait().failure == nil)
      #expect(try TestSystem.isWritable(run.inputNumber, within: 0), "input was left")
    }

    @Test(
      "A server that closed and accepts no input is no error, and all that it sent is written",
      arguments: EngineName.allCases, [Transport.unix, .abstract])
    func closedServer(_ which: EngineName, _ transport: Transport) throws {
      let run = try RelayHarness(which, over: transport)
      try run.peer!.send("bye")
      run.peer = nil
      try run.writeInput("too late")
      try run.start()
      #expect(try run.written() == Array("bye"))
      let relayed = try run.wait()
      #expect(relayed.failure == nil)
    }

    /// Also if sending is the first call that fails.
    @Test("A reset is reported after all data was written", arguments: [false, true])
    func resetAfterData(_ sends: Bool) throws {
      let data = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
      let relayed = try fromBoth { which in
        let run = try RelayHarness(which)
        try run.peer!.send(data)
        try run.awaitArrival(of: data.count)
        try run.resetPeer()
        if sends { try run.writeInput("unwanted") }
        try run.start()
        expectBytes(try run.written(), data)
        return try run.wait()
      }
      let server = Endpoint.tcp(host: "127.0.0.1", port: 1)
      #expect(relayed.failure == Failure(.receive, .connectionReset, at: server))
      #expect(relayed.events.last?.failure == relayed.failure)
      #expect(relayed.events.contains { $0.step == .send } == sends)
    }

    @Test("An output that is closed is reported")
    func closedOutput() throws {
      let relayed = try fromBoth { which in
        let run = try RelayHarness(which)
        run.output = nil
        try run.peer!.send("unread")
        try run.awaitArrival(of: 6)
        try run.start()
        return try run.wait()
      }
      #expect(relayed.failure == Failure(.output, .brokenPipe))
      #expect(relayed.events.map { $0.step } == [.receive, .output])
    }

    /// A relay that handled one direction after the other would block.
    @Test("Both directions are copied at the same time", arguments: EngineName.allCases, [Transport.ipv4, .unix])
    func bothDirections(_ which: EngineName, _ transport: Transport) throws {
      let (up, down) = ([UInt8](repeating: 1, count: 2_000_000), [UInt8](repeating: 2, count: 2_000_000))
      let run = try RelayHarness(which, over: transport)
      try run.start()
      let (input, peer) = (run.inputNumber, run.peerNumber)
      let inputWriter = try TestThread { try TestSystem.writeAll(input, up) }
      let peerWriter = try TestThread { try TestSystem.writeAll(peer, down) }
      let output = run.outputNumber
      let reader = try TestThread { try TestSystem.readAll(output, atMost: down.count) }
      expectBytes(try run.peer!.receive(up.count), up)
      expectBytes(try reader.value(), down)
      _ = (try inputWriter.value(), try peerWriter.value())
      run.input = nil
      #expect(try run.peer!.receiveToEnd() == [])
      run.peer = nil
      #expect(try run.wait().failure == nil)
    }

    @Test(
      "A server can't send more than the buffers hold while nobody reads the output", arguments: EngineName.allCases)
    func boundedMemory(_ which: EngineName) throws {
      let run = try RelayHarness(which, over: .unix)
      try run.start()
      let peer = run.peerNumber
      let block = [UInt8](repeating: 3, count: 65_536)
      var sent = 0
      while try TestSystem.isWritable(peer, within: 100) {
        sent += try TestSystem.send(peer, block[...], wait: false)
        try #require(sent < 16_000_000)
      }
      #expect(sent > 0)
      run.peer = nil
      #expect(try run.written().count == sent)
      #expect(try run.wait().failure == nil)
    }

    @Test("A file can be the input", arguments: EngineName.allCases)
    func fileInput(_ which: EngineName) throws {
      let run = try RelayHarness(which)
      run.input = nil
      try run.start(input: try TestSystem.open("/etc/hostname", O_RDONLY))
      let sent = try run.peer!.receiveToEnd()
      #expect(sent == (try TestSystem.open("/etc/hostname", O_RDONLY).readAll(atMost: .max)))
      run.peer = nil
      #expect(try run.wait().failure == nil)
    }

    @Test("An input that can't be read is reported")
    func failedInput() throws {
      let relayed = try fromBoth { which in
        let run = try RelayHarness(which)
        run.input = nil
        try run.start(input: try TestSystem.open("/tmp", O_RDONLY))
        return try run.wait()
      }
      #expect(relayed.failure == Failure(.input, .isDirectory))
      #expect(relayed.events == [Event(.input, on: Role.input, failure: Failure(.input, .isDirectory))])
    }
  }
}
