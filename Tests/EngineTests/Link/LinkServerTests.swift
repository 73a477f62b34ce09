internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// Serving over a link: one client after the other, limits, stops.
  @Suite struct LinkServerTests {
    @Test(arguments: LinkTests.pairs, LocalTransport.allCases)
    func thousandsComeOneAfterTheOther(_ pair: LinkTests.Pair, _ transport: LocalTransport) throws {
      let place = try transport.place()
      let (endpoint, client) = (place.endpoint, pair.client)
      let served = try host(pair.server, .echo, at: endpoint, keepOpen: true) { server in
        let worker = try Worker {
          for number in 0..<250 {
            let bytes = [UInt8(truncatingIfNeeded: number), 1]
            guard try client.engine.ask(endpoint, bytes) == bytes else { return number }
          }
          return 250
        }
        #expect(try worker.value() == 250)
        server.stop()
      }
      #expect(served.failure == nil)
      #expect(served.events.count { $0.step == .accept } == 250)
      #expect(served.events.allSatisfy { $0.failure == nil })
      #expect(place.present.isEmpty)
    }

    @Test(arguments: LocalTransport.allCases, [false, true])
    func aStopEndsServing(_ transport: LocalTransport, _ isTalking: Bool) throws {
      let place = try transport.place()
      let endpoint = place.endpoint
      _ = try same { which in
        let served = try host(which, .echo, at: endpoint, keepOpen: isTalking) { server in
          guard isTalking else { return server.stop() }
          let link = try which.engine.client(of: endpoint)
          server.stop()
          #expect(try which.engine.receiveAll(link) == [])
          try which.engine.close(link)
        }
        #expect(served.failure == nil)
        #expect(place.present.isEmpty)
        return served
      }
    }

    /// The first stop lets the client end; the second, or the time's end, ends it.
    @Test(arguments: Which.allCases, LocalTransport.allCases)
    func aDrainLetsTheClientEnd(_ which: Which, _ transport: LocalTransport) throws {
      let place = try transport.place()
      let (endpoint, e) = (place.endpoint, which.engine)
      for ending in ["by itself", "by a second stop", "by time"] {
        let drain = Duration.milliseconds(ending == "by time" ? 100 : patience * 1000)
        let recording = Recording()
        let served = try host(
          which, .echo, at: endpoint, keepOpen: true, how: ServeOptions(drain: drain), recording: recording
        ) { server in
          let link = try e.client(of: endpoint)
          server.stop()
          try recording.wait(until: "stop") { $0.contains { $0.step == .stop } }
          if ending != "by time" {
            try e.sendAll(link, [5])
            #expect(try e.receiveAll(link, atMost: 1) == [5], "still served")
          }
          if ending == "by a second stop" { server.stop() }
          if ending == "by itself" { try e.halfCloseAll(link) }
          #expect(try e.receiveAll(link) == [])
          try e.close(link)
        }
        #expect(served.failure == nil, "\(ending)")
        #expect(place.present.isEmpty)
      }
    }

    @Test(arguments: LocalTransport.allCases)
    func limitsEndAClient(_ transport: LocalTransport) throws {
      let place = try transport.place()
      let endpoint = place.endpoint
      let idle = try same { which in
        let how = ServeOptions(limits: ClientLimits(idle: .milliseconds(50)))
        return try host(which, .echo, at: endpoint, how: how) { _ in
          let link = try which.engine.client(of: endpoint)
          #expect(try which.engine.receiveAll(link) == [])
          try which.engine.close(link)
        }
      }
      #expect(idle.failure == Failure(.receive, .timedOut, at: endpoint.masked))
      let large = try same { which in
        let how = ServeOptions(limits: ClientLimits(bytes: 10))
        return try host(which, .discard, at: endpoint, how: how) { _ in
          _ = try Worker { failure { _ = try which.engine.ask(endpoint, [UInt8](repeating: 1, count: 11)) } }.value()
        }.failure
      }
      #expect(large == Failure(.receive, .fileTooLarge, at: endpoint.masked))
    }
  }
}
