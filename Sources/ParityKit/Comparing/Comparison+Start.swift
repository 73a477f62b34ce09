extension Comparison {
  /// Starts each side once, before all else: a program that does not start can't be judged in any scenario. Returns
  /// whether both start, with the report if one does not; what each has at rest is kept.
  mutating func start(_ pool: BlockingPool, since start: ContinuousClock.Instant, role: Role) async -> Report? {
    let (programs, time) = ([left, right], timeout)
    async let first = pool.run { programs[0].tryStart(role, timeout: time) }
    async let second = pool.run { programs[1].tryStart(role, timeout: time) }
    let starts = [await first, await second]
    guard starts.contains(where: { $0.trouble != nil }) else {
      (left.resting, right.resting) = (starts[0].resting, starts[1].resting)
      return nil
    }
    let sides = starts.map { start -> [Transcript] in
      var transcript = Transcript()
      transcript.trouble = start.trouble
      return [transcript]
    }
    let scenario = Scenario("start", role: role, about: "The program starts.", steps: [.start])
    let result = ScenarioResult(scenario, channels, sides[0], sides[1], [])
    return Report(
      left: left, right: right, channels: channels, results: [result], stale: [], time: ContinuousClock().now - start)
  }
}

extension Program {
  /// Starts the program once, and ends it. Returns what it has at rest, or why it did not start.
  func tryStart(_ role: Role, timeout: Duration) -> (resting: RestingState?, trouble: String?) {
    System.withoutSIGPIPE {
      do {
        return try ScenarioRun(self, role: role, timeout: timeout).tryStart()
      } catch {
        return (nil, "no folder or port to run in: \(error)")
      }
    }
  }
}

extension ScenarioResult {
  /// The steps that did nothing in each run of both sides: their equality shows nothing.
  static func vacuous(_ runs: [Transcript]) -> [String] {
    (runs.first?.vacuous ?? []).filter { step in runs.allSatisfy { $0.vacuous.contains(step) } }
  }
}
