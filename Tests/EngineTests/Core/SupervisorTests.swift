internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SupervisorTests {
    @Test(
      "A supervisor receives the state as one datagram", arguments: EngineName.allCases, [Transport.unix, .abstract])
    func datagram(_ which: EngineName, _ transport: Transport) throws {
      let test = try transport.makeEndpoint()
      let supervisor = try TestSystem.datagramSocket()
      try TestSystem.bind(supervisor, to: test.endpoint)
      let path = Array(which.engine.format(test.endpoint).dropFirst("unix:".utf8.count))
      for state in ["READY=1", "STATUS=served 1 client\nREADY=1", "STOPPING=1"] {
        try which.engine.notify(path, Array(state))
        #expect(try TestSystem.read(supervisor.number, atMost: 100) == Array(state))
      }
    }

    @Test("A supervisor whose queue is full is an error, and nobody waits for it", arguments: EngineName.allCases)
    func fullQueue(_ which: EngineName) throws {
      let test = try Transport.unix.makeEndpoint()
      let supervisor = try TestSystem.datagramSocket()
      try TestSystem.bind(supervisor, to: test.endpoint)
      let path = Array(which.engine.format(test.endpoint).dropFirst("unix:".utf8.count))
      var failed: Failure?
      for _ in 0..<100_000 where failed == nil {
        failed = failure { try which.engine.notify(path, Array("READY=1")) }
      }
      #expect(failed == Failure(.send, .resourceTemporarilyUnavailable))
    }

    @Test("A supervisor that can't be reached is an error")
    func unreachable() throws {
      let test = try Transport.unix.makeEndpoint()
      let listener = try RawListener(at: test.endpoint)
      let long = [UInt8](repeating: UInt8(ascii: "p"), count: Limit.path + 2)
      let unreachable: [([UInt8], Cause)] = [
        ([], .syntax(.path)), (Array("@"), .syntax(.path)), (long, .syntax(.path)),
        (Array("/no such folder/socket"), .system(.noSuchFileOrDirectory)),
        (Array("@diptych-no-such-name"), .system(.connectionRefused)),
        (
          Array(EngineName.c.engine.format(listener.endpoint).dropFirst("unix:".utf8.count)),
          .system(.protocolWrongTypeForSocket)
        ),
      ]
      for (path, cause) in unreachable {
        let result = resultFromBoth { e in
          try e.notify(path, Array("READY=1"))
          return true
        }
        #expect(result == .failure(Failure(.send, cause)), "\(path)")
      }
    }
  }
}
