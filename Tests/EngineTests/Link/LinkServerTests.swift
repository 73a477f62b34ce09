internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// Serving over a link: client after client, limits and stops.
  @Suite struct LinkServerTests {
    @Test("The server serves many clients one after the other", arguments: LinkTests.pairs, LinkKind.allCases)
    func sequentialClients(_ pair: LinkTests.Pair, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let (endpoint, client) = (target.endpoint, pair.client)
      let count = LongRounds.count(250, otherwise: 40)
      let served = try serveLink(pair.server, .echo, at: endpoint, keepOpen: true) { server in
        let thread = try TestThread {
          for number in 0..<count {
            let bytes = [UInt8(truncatingIfNeeded: number), 1]
            guard try client.engine.request(endpoint, bytes) == bytes else { return number }
          }
          return count
        }
        #expect(try thread.value() == count)
        server.stop()
      }
      #expect(served.failure == nil)
      #expect(served.events.count { $0.step == .accept } == count)
      #expect(served.events.allSatisfy { $0.failure == nil })
      #expect(target.present.isEmpty)
    }

    @Test("A stop ends serving, with or without a client", arguments: LinkKind.allCases, [false, true])
    func stop(_ kind: LinkKind, _ hasClient: Bool) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      _ = try fromBoth { which in
        let served = try serveLink(which, .echo, at: endpoint, keepOpen: hasClient) { server in
          guard hasClient else { return server.stop() }
          let link = try which.engine.connectClient(to: endpoint)
          server.stop()
          #expect(try which.engine.receiveAll(link) == [])
          try which.engine.close(link)
        }
        #expect(served.failure == nil)
        #expect(target.present.isEmpty)
        return served
      }
    }

    @Test(
      "A stop resets a client that lacks a part of its answer, or that has no answer yet, and is no failure",
      arguments: LinkTests.pairs, LinkKind.allCases)
    func unfinished(_ pair: LinkTests.Pair, _ kind: LinkKind) throws {
      let e = pair.client.engine
      for (name, service) in ServeStopTests.unfinished {
        let target = try kind.makeEndpoint()
        let endpoint = target.endpoint
        let recorder = EventRecorder()
        let served = try serveLink(pair.server, service, at: endpoint, keepOpen: true, recorder: recorder) { server in
          let link = try e.connectClient(to: endpoint)
          if service == .message { try e.sendAll(link, Array("half".utf8)) }
          if service == .echo { try e.fill(link) }
          if service == .message {
            try recorder.wait(until: "it has received") { $0.contains { $0.step == .receive } }
          } else if service != .echo {
            #expect(try e.receiveAll(link, atMost: 1).count == 1)
          }
          server.stop()
          try recorder.wait(until: "it is closed") { $0.contains { $0.step == .close } }
          #expect(failure { _ = try e.receiveAll(link) }?.cause == .system(.connectionReset), "\(name)")
          try e.close(link)
        }
        #expect(served.failure == nil)
        #expect(served.events.last?.step == .close)
        #expect(served.events.last?.failure?.step == .stop, "\(name)")
        #expect(served.events.last?.failure?.cause == .system(.canceled))
        #expect(target.present.isEmpty)
      }
    }

    @Test(
      "After a first stop the client may finish; a second stop or the drain time ends it",
      arguments: EngineName.allCases, LinkKind.allCases)
    func drain(_ which: EngineName, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let (endpoint, e) = (target.endpoint, which.engine)
      for ending in ["client", "second stop", "time"] {
        let drain = Duration.milliseconds(ending == "time" ? 100 : timeoutSeconds * 1000)
        let recorder = EventRecorder()
        let served = try serveLink(
          which, .echo, at: endpoint, keepOpen: true, options: ServeOptions(drain: drain), recorder: recorder
        ) { server in
          let link = try e.connectClient(to: endpoint)
          server.stop()
          try recorder.wait(until: "the stop is reported") { $0.contains { $0.step == .stop } }
          if ending != "time" {
            try e.sendAll(link, [5])
            #expect(try e.receiveAll(link, atMost: 1) == [5], "still served")
          }
          if ending == "second stop" { server.stop() }
          if ending == "client" { try e.halfCloseAll(link) }
          #expect(try e.receiveAll(link) == [])
          try e.close(link)
        }
        #expect(served.failure == nil, "ended by: \(ending)")
        #expect(target.present.isEmpty)
      }
    }

    @Test(
      "While a server drains, it refuses waiting clients, and the next server takes over its name",
      arguments: LinkTests.pairs, LinkKind.allCases)
    func takeover(_ pair: LinkTests.Pair, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let (endpoint, client) = (target.endpoint, pair.client)
      let e = client.engine
      let (options, sizes) = (ServeOptions(drain: .seconds(timeoutSeconds)), LinkSizes(message: 256, depth: 4))
      let served = try serveLink(
        pair.server, .echo, at: endpoint, keepOpen: true, options: options, sizes: sizes
      ) { first in
        let link = try e.connectClient(to: endpoint)
        let waiting = try TestThread { failure { _ = try client.engine.connectClient(to: endpoint) } }
        try target.awaitLocks(5)
        first.stop()
        #expect(try waiting.value() == Failure(.connect, .connectionRefused, at: endpoint))
        expectFailure(.connect, .noSuchFileOrDirectory, at: endpoint) { _ = try e.connectClient(to: endpoint) }
        let next = try serveLink(pair.client, .echo, at: endpoint, keepOpen: true, sizes: sizes) { second in
          #expect(try e.request(endpoint, [1]) == [1])
          try e.sendAll(link, [2])
          #expect(try e.receiveAll(link, atMost: 1) == [2], "still served")
          try e.halfCloseAll(link)
          #expect(try e.receiveAll(link) == [])
          #expect(try first.hasEnded(within: CInt(timeoutSeconds * 1000)))
          #expect(target.present == target.names)
          #expect(try e.request(endpoint, [3]) == [3])
          second.stop()
        }
        #expect(next.failure == nil)
        try e.close(link)
      }
      #expect(served.failure == nil)
      #expect(target.present.isEmpty)
    }

    @Test("A client that is idle, or exceeds its time or its bytes, sees a reset", arguments: LinkKind.allCases)
    func limits(_ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      let idle = try fromBoth { which in
        let options = ServeOptions(limits: ClientLimits(idle: .milliseconds(50)))
        return try serveLink(which, .echo, at: endpoint, options: options) { _ in
          let link = try which.engine.connectClient(to: endpoint)
          #expect(failure { _ = try which.engine.receiveAll(link) }?.cause == .system(.connectionReset))
          try which.engine.close(link)
        }
      }
      #expect(idle.failure == Failure(.wait, .timedOut, at: endpoint.masked))
      let slow = try fromBoth { which in
        let options = ServeOptions(limits: ClientLimits(idle: .seconds(60), time: .milliseconds(50)))
        return try serveLink(which, .echo, at: endpoint, options: options) { _ in
          let link = try which.engine.connectClient(to: endpoint)
          #expect(failure { _ = try which.engine.receiveAll(link) }?.cause == .system(.connectionReset))
          try which.engine.close(link)
        }.failure
      }
      #expect(slow == Failure(.timeLimit, .timedOut, at: endpoint.masked))
      let large = try fromBoth { which in
        let options = ServeOptions(limits: ClientLimits(bytes: 10))
        return try serveLink(which, .discard, at: endpoint, options: options) { _ in
          let cause = try TestThread {
            let link = try which.engine.connectClient(to: endpoint)
            try which.engine.sendAll(link, [UInt8](repeating: 1, count: 11))
            return failure { _ = try which.engine.receiveAll(link) }?.cause
          }.value()
          #expect(cause == .system(.connectionReset))
        }.failure
      }
      #expect(large == Failure(.receive, .fileTooLarge, at: endpoint.masked))
    }
  }
}
