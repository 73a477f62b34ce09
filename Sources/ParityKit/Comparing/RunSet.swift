/// The runs of both sides in a scenario.
struct RunSet: Hashable, Sendable {
  var left: [Transcript] = []
  var right: [Transcript] = []
  /// Whether a side was silent although it was awaited longer.
  var isSilent = false

  static func + (first: RunSet, second: RunSet) -> RunSet {
    RunSet(
      left: first.left + second.left, right: first.right + second.right, isSilent: first.isSilent || second.isSilent)
  }

  /// Why calls can't be compared; nil if they can.
  var callTrouble: String? {
    if left.isEmpty || right.isEmpty {
      if Strace.path == nil { return "strace is not installed; its Debian package is strace" }
      return "not traced: a note needs only some scenarios; --strict-calls traces all"
    }
    for (side, runs) in [("left", left), ("right", right)] {
      for run in runs {
        if let reason = run.callTrouble ?? run.trouble { return "\(side) under strace: \(reason)" }
        if let step = run.hang { return "\(side) hung under strace at \(step)" }
        if run.cost.calls ?? 0 == 0 {
          return "strace recorded nothing: \(visible(run.error.prefix(Limits.shown)))"
        }
      }
    }
    return nil
  }
}
