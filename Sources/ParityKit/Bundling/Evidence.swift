internal import Synchronization

/// Keeps the runs of each scenario while a comparison plays them.
final class Evidence: Sendable {
  /// The runs of both sides. If all runs showed the same, one of each side.
  struct Runs: Hashable, Sendable {
    var left: [KeptRun]
    var right: [KeptRun]
    /// The number of runs of each side that were played.
    var played: Int
  }

  private let kept = Mutex<[Scenario: Runs]>([:])

  /// Keeps what the comparison plays from now on. It takes at least two runs of a side to tell noise from a change.
  func observe(_ comparison: inout Comparison) {
    comparison.repeats = max(2, comparison.repeats)
    let channels = comparison.channels
    comparison.observe = { scenario, runs in
      let runs = Runs(runs, channels)
      self.kept.withLock { $0[scenario] = runs }
    }
  }

  func runs(of scenario: Scenario) -> Runs? { kept.withLock { $0[scenario] } }
}

extension Evidence.Runs {
  init(_ runs: RunSet, _ channels: [Channel]) {
    (left, right) = (Self.kept(runs.left, channels), Self.kept(runs.right, channels))
    played = runs.left.count
    if let first = left.first, (left + right).allSatisfy(first.showed) {
      (left, right) = (Array(left.prefix(1)), Array(right.prefix(1)))
    }
  }

  /// Other programs create shared objects, too, so only those count that appear in each run.
  private static func kept(_ runs: [Transcript], _ channels: [Channel]) -> [KeptRun] {
    let shared = runs.dropFirst().reduce(runs.first?.sharedObjects ?? []) { $0.intersection($1.sharedObjects) }
    return runs.map { run in
      var run = run
      run.sharedObjects = shared
      return KeptRun(run, channels)
    }
  }

  /// The runs of a side, as many as were played.
  func all(_ side: KeyPath<Self, [KeptRun]>) -> [KeptRun] {
    let runs = self[keyPath: side]
    return runs.count == 1 ? Array(repeating: runs[0], count: min(max(1, played), Limits.maximumRuns)) : runs
  }
}
