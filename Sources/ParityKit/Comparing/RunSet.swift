/// The runs of both sides in a scenario.
struct RunSet: Hashable, Sendable {
  var left: [Transcript] = []
  var right: [Transcript] = []

  /// Without runs that the budget's end has cut short: they show nothing.
  var finished: RunSet {
    RunSet(left: left.filter { !$0.isUnfinished }, right: right.filter { !$0.isUnfinished })
  }

  static func + (first: RunSet, second: RunSet) -> RunSet {
    RunSet(left: first.left + second.left, right: first.right + second.right)
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
