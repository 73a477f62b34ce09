internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// The helper thread that polls a descriptor while its owner sleeps at a ring.
  @Suite struct PollThreadTests {
    /// Runs the body with a connected client and a pipe.
    private func withClient(
      _ which: EngineName, _ body: (borrowing Link, borrowing Descriptor, borrowing Descriptor) throws -> Void
    ) throws {
      let target = try LinkTestEndpoint(.memory)
      let endpoint = target.endpoint
      _ = try serveLink(which, .echo, at: endpoint) { _ in
        let pipe = try TestSystem.pipe()
        let link = try which.engine.connectClient(to: endpoint)
        try body(link, pipe.first, pipe.second)
        try which.engine.close(link)
      }
    }

    @Test("A ready extra descriptor ends a wait at once, not at the ring's next check", arguments: EngineName.allCases)
    func atOnce(_ which: EngineName) throws {
      let e = which.engine
      try withClient(which) { link, output, input in
        let (rounds, number) = (40, input.number)
        let start = ContinuousClock.now
        for _ in 0..<rounds {
          let writer = try TestThread {
            try TestSystem.pause(milliseconds: 3)
            _ = try TestSystem.write(number, [0])
          }
          #expect(try e.wait(link, for: .readable, extra: output.lent, timeout: .seconds(timeoutSeconds)) == .extra)
          #expect(
            try e.wait(link, for: .readable, extra: output.lent, timeout: nil) == .extra, "until the byte is read")
          #expect(try TestSystem.readAll(output.number, atMost: 1) == [0])
          expectFailure(.wait, .timedOut) {
            _ = try e.wait(link, for: .readable, extra: output.lent, timeout: .milliseconds(1))
          }
          try writer.value()
        }
        #expect(ContinuousClock.now - start < Limit.peerCheck * rounds / 2)
      }
    }

    @Test("A wait reports the link and the extra descriptor if both are ready", arguments: EngineName.allCases)
    func bothReady(_ which: EngineName) throws {
      let e = which.engine
      try withClient(which) { link, output, input in
        #expect(try e.wait(link, for: [.readable, .writable], extra: output.lent, timeout: nil) == .writable)
        _ = try TestSystem.write(input.number, [0])
        #expect(
          try e.wait(link, for: [.readable, .writable], extra: output.lent, timeout: nil) == [.writable, .extra])
        try e.sendAll(link, [7])
        while try e.wait(link, for: .readable, extra: output.lent, timeout: nil) != [.readable, .extra] {}
        #expect(try e.receiveAll(link, atMost: 1) == [7])
      }
    }

    @Test("The extra descriptor may differ from wait to wait", arguments: EngineName.allCases)
    func changingDescriptor(_ which: EngineName) throws {
      let e = which.engine
      try withClient(which) { link, output, input in
        let extra = try TestSystem.pipe()
        for _ in 0..<10 {
          for number in [output.number, extra.first.number] {
            expectFailure(.wait, .timedOut) {
              _ = try e.wait(link, for: .readable, extra: FileDescriptor(rawValue: number), timeout: .milliseconds(1))
            }
          }
          _ = try TestSystem.write(input.number, [0])
          expectFailure(.wait, .timedOut) {
            _ = try e.wait(link, for: .readable, extra: extra.first.lent, timeout: .milliseconds(1))
          }
          #expect(try e.wait(link, for: .readable, extra: output.lent, timeout: nil) == .extra)
          #expect(try TestSystem.readAll(output.number, atMost: 1) == [0])
        }
      }
    }

    @Test("Without a helper thread, a wait checks the extra descriptor itself", arguments: EngineName.allCases)
    func withoutThread(_ which: EngineName) throws {
      let e = which.engine
      try withClient(which) { link, output, input in
        let number = input.number
        let gate = try TestSystem.pipe()
        let entrance = gate.first.number
        let writer = try TestThread {
          _ = try TestSystem.readAll(entrance, atMost: 1)
          try TestSystem.pause(milliseconds: 3)
          _ = try TestSystem.write(number, [0])
        }
        let ready = try FaultInjection.during([.fail(.FAULTS_PIPE, .tooManyOpenFilesInSystem, times: .max)]) {
          // Nothing is readable yet, so that this wait needs the thread.
          expectFailure(.wait, .timedOut) {
            _ = try e.wait(link, for: .readable, extra: output.lent, timeout: .milliseconds(1))
          }
          _ = try TestSystem.write(gate.second.number, [0])
          return try e.wait(link, for: .readable, extra: output.lent, timeout: .seconds(timeoutSeconds))
        }
        #expect(ready == .extra)
        try writer.value()
        try e.sendAll(link, [7])
        while try e.wait(link, for: .readable, extra: nil, timeout: nil) != .readable {}
        #expect(try e.receiveAll(link, atMost: 1) == [7])
      }
    }

    @Test("A helper thread that can't be asked is ended, and started again", arguments: EngineName.allCases)
    func failedRequest(_ which: EngineName) throws {
      let e = which.engine
      try withClient(which) { link, output, input in
        let extra = try TestSystem.pipe()
        for error in [Errno.brokenPipe, .resourceTemporarilyUnavailable] {
          expectFailure(.wait, .timedOut) {
            _ = try e.wait(link, for: .readable, extra: extra.first.lent, timeout: .milliseconds(1))
          }
          FaultInjection.during([.fail(.FAULTS_WRITE, error)]) {
            expectFailure(.wait, .timedOut) {
              _ = try e.wait(link, for: .readable, extra: output.lent, timeout: .milliseconds(1))
            }
          }
        }
        _ = try TestSystem.write(input.number, [0])
        #expect(try e.wait(link, for: .readable, extra: output.lent, timeout: nil) == .extra)
      }
    }

    /// Otherwise the caller's close would not close the file, and the other end would not notice.
    @Test("After a relay nothing polls its input any more", arguments: EngineName.allCases)
    func noPollAfterRelay(_ which: EngineName) throws {
      let target = try LinkTestEndpoint(.memory)
      let endpoint = target.endpoint
      _ = try serveLink(which, .echo, at: endpoint) { _ in
        let ends = try TestSystem.socketPair().release()
        let e = which.engine
        let link = try e.connectClient(to: endpoint)
        let output = try TestSystem.pipe()
        let input = Descriptor(owning: ends.first)
        let otherEnd = Descriptor(owning: ends.second)
        let number = otherEnd.number
        _ = try TestSystem.write(number, [1])
        let writer = try TestThread {
          try TestSystem.pause(milliseconds: 20)
          try TestSystem.halfClose(number)
        }
        try e.relay(link, input: input.lent, output: output.second.lent, options: RelayOptions(), observer: nil)
        try writer.value()
        #expect(try TestSystem.readAll(output.first.number, atMost: 1) == [1])
        try e.close(input)
        #expect(failure { try e.write(otherEnd.lent, [2].span) }?.cause == .system(.brokenPipe))
        try e.close(link)
      }
    }
  }
}
