internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ClockTests {
    @Test(
      "A time is rounded up to whole milliseconds",
      arguments: [
        (Duration.zero, CInt(0)), (.nanoseconds(1), 1), (.microseconds(999), 1), (.milliseconds(1), 1),
        (.microseconds(1001), 2), (.seconds(10), 10_000), (.milliseconds(-1), 0), (.seconds(-5), 0),
        (.seconds(86_400 * 365), .max),
      ])
    func timesAreWholeMilliseconds(_ duration: Duration, _ milliseconds: CInt) {
      #expect(duration.milliseconds == milliseconds)
    }

    @Test("A time that is too long is the longest one") func theLongestTimeIsNotTheShortest() {
      #expect(Duration.seconds(Int64.max / 1000 + 1).milliseconds == .max)
      #expect(Duration.seconds(Int64.max).milliseconds == .max)
    }

    @Test("A wait ends at its deadline, and not before", arguments: EngineName.allCases)
    func waitingHasALimit(_ which: EngineName) throws {
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
  }
}
