internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct RelayTests {
    @Test(arguments: Which.allCases, Transport.allCases)
    func bytesGoBothWays(_ which: Which, _ transport: Transport) throws {
      let run = try RelayRun(which, over: transport)
      try run.start()
      try run.give("quest\0ion")
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

    /// The input's end goes to the server, which may still answer.
    @Test func theInputsEndIsAHalfClose() throws {
      let relayed = try same { which in
        let run = try RelayRun(which)
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

    /// The server's end is the end, whether or not input is left, and nobody waits for more.
    @Test(arguments: Which.allCases, Transport.allCases)
    func theServersEndIsTheEnd(_ which: Which, _ transport: Transport) throws {
      let run = try RelayRun(which, over: transport)
      try run.peer!.send("bye")
      run.peer = nil
      try run.start()
      #expect(try run.written() == Array("bye"))
      #expect(try run.wait().failure == nil)
      #expect(try Kernel.isWritable(run.inputNumber, within: 0), "input was left")
    }

    /// A server that has closed takes no input: that is no error, and what it sent still comes.
    @Test(arguments: Which.allCases, [Transport.unix, .abstract])
    func aServerThatTakesNoInputIsNoError(_ which: Which, _ transport: Transport) throws {
      let run = try RelayRun(which, over: transport)
      try run.peer!.send("bye")
      run.peer = nil
      try run.give("too late")
      try run.start()
      #expect(try run.written() == Array("bye"))
      let relayed = try run.wait()
      #expect(relayed.failure == nil)
    }

    /// All that had arrived is written, then the reset is told; also where sending finds it first.
    @Test(arguments: [false, true])
    func aResetComesAfterTheData(_ sends: Bool) throws {
      let data = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
      let relayed = try same { which in
        let run = try RelayRun(which)
        try run.peer!.send(data)
        try run.await(waiting: data.count)
        try run.resetPeer()
        if sends { try run.give("unwanted") }
        try run.start()
        expectBytes(try run.written(), data)
        return try run.wait()
      }
      let server = Endpoint.tcp(host: "127.0.0.1", port: 1)
      #expect(relayed.failure == Failure(.receive, .connectionReset, at: server))
      #expect(relayed.events.last?.failure == relayed.failure)
      #expect(relayed.events.contains { $0.step == .send } == sends)
    }

    @Test func anOutputThatIsGoneIsTold() throws {
      let relayed = try same { which in
        let run = try RelayRun(which)
        run.output = nil
        try run.peer!.send("unheard")
        try run.await(waiting: 7)
        try run.start()
        return try run.wait()
      }
      #expect(relayed.failure == Failure(.output, .brokenPipe))
      #expect(relayed.events.map { $0.step } == [.receive, .output])
    }

    /// Neither side may wait for the other: much goes up while much comes down.
    @Test(arguments: Which.allCases, [Transport.ipv4, .unix])
    func bothWaysAreCopiedAtOnce(_ which: Which, _ transport: Transport) throws {
      let (up, down) = ([UInt8](repeating: 1, count: 2_000_000), [UInt8](repeating: 2, count: 2_000_000))
      let run = try RelayRun(which, over: transport)
      try run.start()
      let (input, peer) = (run.inputNumber, run.peerNumber)
      let giver = try Worker { try Kernel.writeAll(input, up) }
      let sender = try Worker { try Kernel.writeAll(peer, down) }
      let output = run.outputNumber
      let reader = try Worker { try Kernel.readAll(output, atMost: down.count) }
      expectBytes(try run.peer!.receive(up.count), up)
      expectBytes(try reader.value(), down)
      _ = (try giver.value(), try sender.value())
      run.input = nil
      #expect(try run.peer!.receiveToEnd() == [])
      run.peer = nil
      #expect(try run.wait().failure == nil)
    }

    /// Who does not read the output gets no more: the connection's own buffers hold the server back.
    @Test(arguments: Which.allCases)
    func memoryStaysBounded(_ which: Which) throws {
      let run = try RelayRun(which, over: .unix)
      try run.start()
      let peer = run.peerNumber
      let block = [UInt8](repeating: 3, count: 65_536)
      var sent = 0
      while try Kernel.isWritable(peer, within: 100) {
        sent += try Kernel.send(peer, block[...], wait: false)
        try #require(sent < 16_000_000)
      }
      #expect(sent > 0)
      run.peer = nil
      #expect(try run.written().count == sent)
      #expect(try run.wait().failure == nil)
    }

    @Test(arguments: Which.allCases)
    func aFileCanBeTheInput(_ which: Which) throws {
      let run = try RelayRun(which)
      run.input = nil
      try run.start(input: try Kernel.open("/etc/hostname", O_RDONLY))
      let sent = try run.peer!.receiveToEnd()
      #expect(sent == (try Kernel.open("/etc/hostname", O_RDONLY).readAll(atMost: .max)))
      run.peer = nil
      #expect(try run.wait().failure == nil)
    }

    @Test func aWrongInputIsTold() throws {
      let relayed = try same { which in
        let run = try RelayRun(which)
        run.input = nil
        try run.start(input: try Kernel.open("/tmp", O_RDONLY))
        return try run.wait()
      }
      #expect(relayed.failure == Failure(.input, .isDirectory))
      #expect(relayed.events == [Event(.input, on: Role.input, failure: Failure(.input, .isDirectory))])
    }
  }
}
