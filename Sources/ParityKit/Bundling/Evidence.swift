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

  /// Keeps what the comparison plays from now on.
  func observe(_ comparison: inout Comparison) {
    let channels = comparison.channels
    comparison.observe = { scenario, plain, traced in
      let runs = Runs(plain, traced, channels)
      self.kept.withLock { $0[scenario] = runs }
    }
  }

  func runs(of scenario: Scenario) -> Runs? { kept.withLock { $0[scenario] } }
}

extension Evidence.Runs {
  init(_ plain: RunSet, _ traced: RunSet, _ channels: [Channel]) {
    left = Self.kept(plain.left, traced.left, channels)
    right = Self.kept(plain.right, traced.right, channels)
    played = plain.left.count
    if let first = left.first, (left + right).allSatisfy(first.showed) {
      (left, right) = (Array(left.prefix(1)), Array(right.prefix(1)))
    }
  }

  /// Other programs create shared objects, too, so only those count that appear in each run.
  private static func kept(_ runs: [Transcript], _ traced: [Transcript], _ channels: [Channel]) -> [KeptRun] {
    let shared = runs.dropFirst().reduce(runs.first?.sharedObjects ?? []) { $0.intersection($1.sharedObjects) }
    return runs.map { run in
      var run = run
      run.sharedObjects = shared
      run.writtenOutside = traced.first?.writtenOutside ?? []
      return KeptRun(run, channels)
    }
  }

  /// The runs of a side, as many as were played.
  func all(_ side: KeyPath<Self, [KeptRun]>) -> [KeptRun] {
    let runs = self[keyPath: side]
    return runs.count == 1 ? Array(repeating: runs[0], count: min(max(1, played), Limits.maximumRuns)) : runs
  }
}
