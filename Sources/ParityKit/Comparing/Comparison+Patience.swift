extension Comparison {
  /// Before a side's silence counts, it plays once more, and is awaited longer for what the other side has shown: a busy
  /// machine or a slow program is no difference.
  func awaited(_ runs: RunSet, _ scenario: Scenario, _ pool: BlockingPool) async -> RunSet {
    var runs = runs
    for index in runs.left.indices where runs.right.indices.contains(index) {
      let (left, right) = (runs.left[index], runs.right[index])
      if left.shape == right.shape || left.silences == right.silences { continue }
      let isLeft = left.silences > right.silences
      let program = isLeft ? self.left : self.right
      let again = await pool.run {
        program.play(scenario, timeout: timeout, isTraced: false, patience: Limits.patience, within: remaining)
      }
      if again.shape != (isLeft ? right : left).shape {
        // The other runs of this side are silent for the same reason.
        runs.isSilent = true
        break
      }
      if isLeft { runs.left[index] = again } else { runs.right[index] = again }
    }
    return runs
  }
}

extension Transcript {
  /// The kinds of events, without the bytes, which may be noise.
  fileprivate var shape: [[String]] {
    connections.map { $0.events.map(\.kind) } + [exits.map(\.description), [hang ?? "", trouble ?? ""]]
  }

  /// How often a wait ended because nothing came.
  fileprivate var silences: Int {
    connections.reduce(exits.count { $0 == .running }) { sum, connection in
      sum + connection.events.count { [.silence, .stillOpen, .notAllTaken, .late].contains($0) }
    }
  }
}

extension Connection.Event {
  fileprivate var kind: String {
    if case .received = self { "received" } else { "\(self)" }
  }
}
