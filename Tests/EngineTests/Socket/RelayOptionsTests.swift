// A relay's directions, its idle time, and sending after the server's end.
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct RelayOptionsTests {
    private static let server = Endpoint.tcp(host: "127.0.0.1", port: 1)

    @Test("A relay fails after its idle time, and names the server", arguments: RelayOptions.Direction.all)
    func idle(_ direction: RelayOptions.Direction) throws {
      let relayed = try fromBoth { which in
        let run = try RelayHarness(which)
        try run.peer!.send("x")
        try run.start(options: RelayOptions(direction: direction, idle: .milliseconds(50)))
        return try run.wait()
      }
      #expect(relayed.failure == Failure(.wait, .timedOut, at: Self.server))
      #expect(relayed.events.map { $0.step } == (direction == .send ? [.receive] : [.receive, .output]))
    }

    @Test("Input that the server does not receive does not keep a relay from its idle time")
    func idleServer() throws {
      let relayed = try fromBoth { which in
        let run = try RelayHarness(which, over: .unix)
        try run.start(input: try TestSystem.open("/dev/zero", 0), options: RelayOptions(idle: .milliseconds(50)))
        return try run.wait().failure
      }
      #expect(relayed == Failure(.wait, .timedOut, at: Endpoint.unix(path: Array("masked"))))
    }

    /// Compares two times of this thread, so that a busy machine can't fail the test.
    @Test("Each byte in either direction starts the idle time again", arguments: EngineName.allCases, [false, true])
    func idleAgain(_ which: EngineName, _ sends: Bool) throws {
      let idle = Duration.milliseconds(300)
      let run = try RelayHarness(which)
      try run.start(options: RelayOptions(idle: idle))
      var last = ContinuousClock.now
      for _ in 1...6 {
        let now = ContinuousClock.now
        if sends { try? run.writeInput("x") } else { try? run.peer!.send("x") }
        guard try (sends ? run.peer!.receive(1) : run.written(1)) == Array("x") else { break }
        last = now
        try TestSystem.pause(milliseconds: 100)
      }
      #expect(try run.wait().failure == Failure(.wait, .timedOut, at: Self.server))
      #expect(ContinuousClock.now - last >= idle)
    }

    @Test("The relay ends by default when the server half-closes", arguments: EngineName.allCases, Transport.allCases)
    func ends(_ which: EngineName, _ transport: Transport) throws {
      let run = try RelayHarness(which, over: transport)
      try run.start()
      try run.peer!.send("bye")
      try run.peer!.halfClose()
      #expect(try run.written() == Array("bye"))
      #expect(try run.wait().failure == nil)
      #expect(try run.peer!.receiveToEnd() == [])
    }

    @Test("A relay that keeps sending ends at the end of both", arguments: EngineName.allCases, Transport.allCases)
    func keepsSending(_ which: EngineName, _ transport: Transport) throws {
      let run = try RelayHarness(which, over: transport)
      try run.start(options: RelayOptions(keepsSending: true))
      try run.peer!.send("bye")
      try run.peer!.halfClose()
      #expect(try run.written(3) == Array("bye"))
      let text = String(repeating: "late", count: 100_000)
      let peer = run.peerNumber
      let reader = try TestThread { try TestSystem.readAll(peer, atMost: .max) }
      try run.writeInput(text)
      run.input = nil
      expectBytes(try reader.value(), Array(text.utf8))
      #expect(try run.written() == [])
      #expect(try run.wait().failure == nil)
    }

    @Test("It is no error if the input ends after a server that closed and accepts no more")
    func nothingIsLost() throws {
      for transport in [Transport.ipv4, .unix] {
        let failed = try fromBoth { which in
          let run = try RelayHarness(which, over: transport)
          run.peer = nil
          try run.start(options: RelayOptions(keepsSending: true))
          run.input = nil
          return try run.wait().failure
        }
        #expect(failed == nil)
      }
    }

    /// The first bytes to a closed TCP server succeed, and cause a reset.
    @Test(
      "A relay that keeps sending fails if the server does not accept all input", arguments: EngineName.allCases,
      [Transport.ipv4, .unix])
    func refused(_ which: EngineName, _ transport: Transport) throws {
      for ends in [false, true] {
        let run = try RelayHarness(which, over: transport)
        try run.start(options: RelayOptions(keepsSending: true))
        try run.peer!.send("bye")
        run.peer = nil
        #expect(try run.written(3) == Array("bye"))
        try run.writeInput("refused")
        if ends { run.input = nil }
        let end = ContinuousClock.now + .seconds(timeoutSeconds)
        while !ends, (try? run.writeInput("refused")) != nil, ContinuousClock.now < end {
          try TestSystem.pause(milliseconds: 1)
        }
        let failed = try run.wait().failure
        #expect(failed?.step == .send)
        #expect(failed?.cause == .system(.brokenPipe))
        #expect(failed?.endpoint?.isLocal == false)
      }
    }

    @Test(
      "A relay that only sends discards what it receives, and sends after the server's end",
      arguments: EngineName.allCases, [Transport.ipv4, .unix])
    func sendsOnly(_ which: EngineName, _ transport: Transport) throws {
      let run = try RelayHarness(which, over: transport)
      try run.start(options: RelayOptions(direction: .send))
      try run.peer!.send([UInt8](repeating: 1, count: 100_000))
      try run.peer!.halfClose()
      try run.writeInput("late")
      #expect(try run.peer!.receive(4) == Array("late"))
      run.input = nil
      #expect(try run.peer!.receiveToEnd() == [])
      #expect(try run.written() == [])
      let relayed = try run.wait()
      #expect(relayed.failure == nil)
      #expect(relayed.events.filter { $0.step == .receive }.map(\.count).reduce(0, +) == 100_000)
      #expect(!relayed.events.contains { $0.step == .output })
    }

    @Test("A relay that only sends waits for the server's end", arguments: EngineName.allCases)
    func waitsForTheEnd(_ which: EngineName) throws {
      let run = try RelayHarness(which)
      try run.start(options: RelayOptions(direction: .send))
      run.input = nil
      #expect(try run.peer!.receiveToEnd() == [])
      try run.peer!.send("accepted, and not a reset")
      #expect(try !TestSystem.isReadable(run.outputNumber, within: 50), "the relay has ended")
      run.peer = nil
      #expect(try run.wait().failure == nil)
    }

    @Test(
      "A relay that only receives neither reads its input nor half-closes", arguments: EngineName.allCases,
      [Transport.ipv4, .unix])
    func receivesOnly(_ which: EngineName, _ transport: Transport) throws {
      let run = try RelayHarness(which, over: transport)
      try run.writeInput("unread")
      try run.start(options: RelayOptions(direction: .receive, keepsSending: true))
      try run.peer!.send("down")
      #expect(try run.written(4) == Array("down"))
      #expect(try !TestSystem.isReadable(run.peerNumber, within: 50))
      run.peer = nil
      let relayed = try run.wait()
      #expect(relayed.failure == nil)
      #expect(relayed.events.map { $0.step } == [.receive, .output, .receive])
    }
  }
}

extension RelayOptions.Direction {
  static let all = [Self.both, .send, .receive]
}
