internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// A pipe whose other end is a shell's redirection.
  @Suite struct PipeTests {
    /// `cat NAME.out`
    @Test("A plain reader of the FIFO is a client", arguments: EngineName.allCases)
    func plainReader(_ which: EngineName) throws {
      let greeting = [UInt8](repeating: 65, count: 200_000)
      let target = try LinkTestEndpoint(.pipe)
      let served = try serveLink(which, .greeting(greeting), at: target.endpoint) { _ in
        let reader = try TestSystem.open(path: target.names[2], O_RDONLY)
        expectBytes(try reader.readAll(atMost: .max), greeting)
      }
      #expect(served.failure == nil)
      #expect(target.present.isEmpty)
    }

    @Test("A plain reader is noticed without inotify", arguments: EngineName.allCases)
    func plainReaderWithoutInotify(_ which: EngineName) throws {
      for fault in NameLockTests.withoutInotify {
        let target = try LinkTestEndpoint(.pipe)
        let served = try serveLink(which, .greeting(Array("hi")), at: target.endpoint, faults: [fault]) { _ in
          let reader = try TestSystem.open(path: target.names[2], O_RDONLY)
          #expect(try reader.readAll(atMost: .max) == Array("hi"))
        }
        #expect(served.failure == nil)
        #expect(target.present.isEmpty)
      }
    }

    @Test("A broken pipe is an error while the server still waits for bytes", arguments: EngineName.allCases)
    func brokenPipe(_ which: EngineName) throws {
      let target = try LinkTestEndpoint(.pipe)
      let endpoint = target.endpoint
      let served = try serveLink(which, .echo, at: endpoint) { _ in
        let link = try which.engine.connectClient(to: endpoint)
        FaultInjection.during([.fail(.FAULTS_WRITE, .brokenPipe)]) {
          expectFailure(.send, .connectionReset) { _ = try which.engine.send(link, [7].span) }
        }
        try which.engine.close(link)
      }
      #expect(served.failure == nil)
    }

    /// `echo hello >NAME.in; cat NAME.out`
    @Test("An answer waits for its reader", arguments: EngineName.allCases)
    func lateReader(_ which: EngineName) throws {
      let target = try LinkTestEndpoint(.pipe)
      let served = try serveLink(which, .message, at: target.endpoint) { server in
        do {
          let writer = try TestSystem.open(path: target.names[1], O_WRONLY)
          _ = try TestSystem.write(writer.number, Array("hello\n")[...])
        }
        #expect(try !server.hasEnded(within: 50))
        let reader = try TestSystem.open(path: target.names[2], O_RDONLY)
        #expect(try reader.readAll(atMost: .max) == Array("I got your message"))
      }
      #expect(served.printed == Array("Here is the message: hello\n\n"))
      #expect(served.failure == nil)
    }

    @Test("A plain reader that leaves is a closed pipe", arguments: EngineName.allCases)
    func readerLeaves(_ which: EngineName) throws {
      let target = try LinkTestEndpoint(.pipe)
      let endless = try serveLink(which, .chargen, at: target.endpoint) { _ in
        let reader = try TestSystem.open(path: target.names[2], O_RDONLY)
        #expect(try reader.readAll(atMost: 100_000).count == 100_000)
      }
      #expect(endless.failure == nil, "chargen ends when its reader leaves")
      let large = try serveLink(which, .greeting([UInt8](repeating: 65, count: 1_000_000)), at: target.endpoint) { _ in
        let reader = try TestSystem.open(path: target.names[2], O_RDONLY)
        #expect(try reader.readAll(atMost: 1).count == 1)
      }
      #expect(large.failure == Failure(.send, .brokenPipe, at: target.endpoint.masked))
    }

    /// `cat NAME.out`, then ^C.
    @Test(
      "After a plain reader that sent nothing, the next client is served", arguments: EngineName.allCases,
      [Service.echo, .discard, .message])
    func silentReader(_ which: EngineName, _ service: Service) throws {
      let target = try LinkTestEndpoint(.pipe)
      let served = try serveLink(which, service, at: target.endpoint, keepOpen: true) { server in
        do {
          let reader = try TestSystem.open(path: target.names[2], O_RDONLY)
          #expect(try !TestSystem.isReadable(reader.number, within: 30))
        }
        for client in EngineName.allCases {
          _ = try TestThread { [endpoint = target.endpoint] in try client.engine.request(endpoint, [1]) }.value()
        }
        server.stop()
      }
      #expect(served.failure == nil)
      #expect(target.present.isEmpty)
    }

    /// Its states may be written after the header.
    @Test("A rendezvous file may consist of its header only", arguments: LinkTests.pairs)
    func rendezvousWithoutState(_ pair: LinkTests.Pair) throws {
      let target = try LinkTestEndpoint(.pipe)
      _ = try serveLink(pair.server, .echo, at: target.endpoint) { _ in
        try TestSystem.setSize(try TestSystem.open(path: target.names[0], O_RDWR), 8)
        let answer = try TestThread { [endpoint = target.endpoint] in try pair.client.engine.request(endpoint, [7]) }
          .value()
        #expect(answer == [7])
      }
    }

    @Test(
      "A client that closes in order before its input was read ends the stream, and is not reported as dead",
      arguments: LinkTests.pairs, LinkKind.allCases)
    func orderlyLeave(_ pair: LinkTests.Pair, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let (endpoint, client) = (target.endpoint, pair.client)
      let served = try serveLink(pair.server, .discard, at: endpoint) { _ in
        let thread = try TestThread {
          let link = try client.engine.connectClient(to: endpoint)
          try client.engine.sendAll(link, [UInt8](repeating: 1, count: 50_000))
          try client.engine.close(link)
        }
        try thread.value()
      }
      #expect(served.failure == nil)
      #expect(served.events.reduce(0) { $0 + ($1.step == .receive ? $1.count : 0) } == 50_000)
    }
  }
}
