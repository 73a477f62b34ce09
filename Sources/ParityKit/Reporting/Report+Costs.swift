extension Report {
  /// The costs of both sides, as means over the scenarios; empty if costs were not measured.
  var costLines: [String] {
    let pairs = results.flatMap(\.cells).compactMap { cell -> (left: ResourceUsage, right: ResourceUsage)? in
      if case .measured(let left, let right) = cell.finding { (left, right) } else { nil }
    }
    if pairs.isEmpty { return [] }
    let (left, right) = (ResourceUsage.mean(pairs.map(\.left)), ResourceUsage.mean(pairs.map(\.right)))
    func milliseconds(_ cost: ResourceUsage) -> String { thousandths(Int(cost.processorTime / .microseconds(1))) }
    func megabytes(_ cost: ResourceUsage) -> String { thousandths(cost.peakMemory / 1000) }
    var line =
      "mean cost of a scenario, left|right: \(milliseconds(left))|\(milliseconds(right)) ms of processor time, "
    line += "\(megabytes(left))|\(megabytes(right)) MB of peak memory"
    if let left = left.calls, let right = right.calls { line += ", \(left)|\(right) system calls" }
    return [line, ""]
  }

  /// A thousandth, with one decimal.
  private func thousandths(_ number: Int) -> String { "\(number / 1000).\(number % 1000 / 100)" }
}
