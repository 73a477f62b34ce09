internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// A descriptor that ends a sleep at a ring.
  @Suite struct PollThreadTests {
    /// A client that waits, for the length of the body.
    private func waiting(
      _ which: Which, _ body: (borrowing Link, borrowing Descriptor, borrowing Descriptor) throws -> Void
    ) throws {
      let place = try LocalPlace(.memory)
      let endpoint = place.endpoint
      _ = try host(which, .echo, at: endpoint) { _ in
        let pipe = try Kernel.pipe()
        let link = try which.engine.client(of: endpoint)
        try body(link, pipe.first, pipe.second)
        try which.engine.close(link)
      }
    }

    /// At once, and not when the ring's next look is due.
    @Test(arguments: Which.allCases)
    func whatComesIsToldAtOnce(_ which: Which) throws {
      let e = which.engine
      try waiting(which) { link, output, input in
        let (rounds, number) = (40, input.number)
        let start = ContinuousClock.now
        for _ in 0..<rounds {
          let teller = try Worker {
            try Kernel.pause(milliseconds: 3)
            _ = try Kernel.write(number, [0])
          }
          #expect(try e.wait(link, for: .readable, extra: output.lent, timeout: .seconds(patience)) == .extra)
          #expect(try e.wait(link, for: .readable, extra: output.lent, timeout: nil) == .extra, "until it is taken")
          #expect(try Kernel.readAll(output.number, atMost: 1) == [0])
          expectFailure(.wait, .timedOut) {
            _ = try e.wait(link, for: .readable, extra: output.lent, timeout: .milliseconds(1))
          }
          try teller.value()
        }
        #expect(ContinuousClock.now - start < Limit.peerCheck * rounds / 2)
      }
    }

    /// Both that come are told.
    @Test(arguments: Which.allCases)
    func whatComesOnBothIsTold(_ which: Which) throws {
      let e = which.engine
      try waiting(which) { link, output, input in
        #expect(try e.wait(link, for: [.readable, .writable], extra: output.lent, timeout: nil) == .writable)
        _ = try Kernel.write(input.number, [0])
        #expect(
          try e.wait(link, for: [.readable, .writable], extra: output.lent, timeout: nil) == [.writable, .extra])
        try e.sendAll(link, [7])
        while try e.wait(link, for: .readable, extra: output.lent, timeout: nil) != [.readable, .extra] {}
        #expect(try e.receiveAll(link, atMost: 1) == [7])
      }
    }

    /// Of two descriptors that one looks at in turns, each is told.
    @Test(arguments: Which.allCases)
    func whatIsLookedAtMayChange(_ which: Which) throws {
      let e = which.engine
      try waiting(which) { link, output, input in
        let extra = try Kernel.pipe()
        for _ in 0..<10 {
          for number in [output.number, extra.first.number] {
            expectFailure(.wait, .timedOut) {
              _ = try e.wait(link, for: .readable, extra: FileDescriptor(rawValue: number), timeout: .milliseconds(1))
            }
          }
          _ = try Kernel.write(input.number, [0])
          expectFailure(.wait, .timedOut) {
            _ = try e.wait(link, for: .readable, extra: extra.first.lent, timeout: .milliseconds(1))
          }
          #expect(try e.wait(link, for: .readable, extra: output.lent, timeout: nil) == .extra)
          #expect(try Kernel.readAll(output.number, atMost: 1) == [0])
        }
      }
    }

    /// What the caller closes then is closed: its other end sees that.
    @Test(arguments: Which.allCases)
    func nobodyLooksAfterTheRelay(_ which: Which) throws {
      let place = try LocalPlace(.memory)
      let endpoint = place.endpoint
      _ = try host(which, .echo, at: endpoint) { _ in
        let ends = try Kernel.socketPair().release()
        let e = which.engine
        let link = try e.client(of: endpoint)
        let output = try Kernel.pipe()
        let input = Descriptor(owning: ends.first)
        let giver = Descriptor(owning: ends.second)
        let number = giver.number
        _ = try Kernel.write(number, [1])
        let teller = try Worker {
          try Kernel.pause(milliseconds: 20)
          try Kernel.halfClose(number)
        }
        try e.relay(link, input: input.lent, output: output.second.lent, observer: nil)
        try teller.value()
        #expect(try Kernel.readAll(output.first.number, atMost: 1) == [1])
        try e.close(input)
        #expect(failure { try e.write(giver.lent, [2].span) }?.cause == .system(.brokenPipe))
        try e.close(link)
      }
    }
  }
}
