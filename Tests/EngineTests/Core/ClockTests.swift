internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ClockTests {
    @Test(
      "A duration becomes whole milliseconds, rounded up",
      arguments: [
        (Duration.zero, CInt(0)), (.nanoseconds(1), 1), (.microseconds(999), 1), (.milliseconds(1), 1),
        (.microseconds(1001), 2), (.seconds(10), 10_000), (.milliseconds(-1), 0), (.seconds(-5), 0),
        (.seconds(86_400 * 365), .max),
      ])
    func durations(_ duration: Duration, _ milliseconds: CInt) {
      #expect(duration.milliseconds == milliseconds)
    }

    @Test("A duration that is too long for milliseconds becomes the longest, not zero")
    func longestDuration() {
      #expect(Duration.seconds(Int64.max / 1000 + 1).milliseconds == .max)
      #expect(Duration.seconds(Int64.max).milliseconds == .max)
    }

    @Test("A wait ends with a timeout", arguments: EngineName.allCases)
    func timeout(_ which: EngineName) throws {
      let pair = try TestSystem.socketPair()
      for (timeout, least) in [
        (Duration.zero, 0), (.milliseconds(-5), 0), (.microseconds(1), 0), (.milliseconds(30), 30),
      ] {
        let start = ContinuousClock.now
        expectFailure(.wait, .timedOut) {
          _ = try which.engine.wait(pair.first.lent, for: .readable, stop: nil, timeout: timeout)
        }
        #expect(ContinuousClock.now - start >= .milliseconds(least))
      }
    }

    /// In a process of its own, because an overflow would end the process.
    @Test("A timeout may be as long as a duration can be", arguments: EngineName.allCases)
    func longTimeouts(_ which: EngineName) async {
      await #expect(processExitsWith: .success) { [which] in
        let zero = try TestSystem.open("/dev/zero", O_RDONLY)
        for timeout in [Duration.seconds(Int64(Int32.max)), .seconds(Int64.max / 1000), .seconds(Int64.max)] {
          #expect(
            try which.engine.wait(zero.lent, for: .readable, stop: nil, timeout: timeout) == .readable)
        }
      }
    }
  }
}
