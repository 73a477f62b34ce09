internal import Formats

extension Report {
  /// Merges the JSON reports of the parts of a run.
  public static func merged(_ files: [String]) throws(InputError) -> Report {
    var reports: [(file: String, report: Report)] = []
    for file in files {
      guard let text = System.text(of: file) else {
        throw InputError(file: file, line: nil, what: "can't be read", allowed: [])
      }
      reports.append((file, try Report(json: text, file: file)))
    }
    guard var (_, whole) = reports.first else {
      throw InputError(file: "merge", line: nil, what: "no report", allowed: [])
    }
    for (file, report) in reports.dropFirst() { whole = try whole.joined(with: report, file) }
    return whole.ordered
  }

  private func joined(with other: Report, _ file: String) throws(InputError) -> Report {
    func refused(_ what: String, _ allowed: String) -> InputError {
      InputError(file: file, line: nil, what: what, allowed: [allowed])
    }
    guard other.left.title == left.title, other.right.title == right.title else {
      throw refused(
        "the report is about other programs: \(other.left.title) and \(other.right.title)",
        "\(left.title) and \(right.title)")
    }
    var fuzzed = fuzzed ?? other.fuzzed
    if let first = self.fuzzed, let second = other.fuzzed {
      guard first.seed == second.seed, first.runs == second.runs else {
        throw refused(
          "the report has seed \(second.seed) and \(second.runs) runs", "seed \(first.seed) and \(first.runs) runs")
      }
      guard Set(first.shards).isDisjoint(with: second.shards), !(first.shards + second.shards).contains(.whole) else {
        throw refused(
          "shard \(second.shards.map(\.description).joined(separator: ", ")) was merged before", "each shard once")
      }
      fuzzed?.join(second)
    }
    // A fuzz run reports no unused masks. In other runs, a mask that applied in any part is used.
    let stale: [MaskRule]
    if self.fuzzed != nil, results.allSatisfy({ $0.number != nil }) {
      stale = other.stale
    } else {
      stale = other.fuzzed != nil ? self.stale : self.stale.filter(other.stale.contains)
    }
    let channels = Channel.allCases.filter { self.channels.contains($0) || other.channels.contains($0) }
    return Report(
      left: left, right: right, channels: channels, results: results + other.results, stale: stale,
      time: time + other.time, fuzzed: fuzzed, notes: (notes + other.notes).distinct)
  }

  /// Orders the results as in one run: generated scenarios by number, each kind of noise once, one cell per channel.
  private var ordered: Report {
    var seen: Set<Mask.Key> = []
    let sorted = results.enumerated().sorted {
      ($0.element.number ?? 0, $0.offset) < ($1.element.number ?? 0, $1.offset)
    }
    let kept = sorted.map(\.element).filter { result in
      if result.number == nil || result.verdict != .same { return true }
      let isNew = !seen.isSuperset(of: result.masks.map(\.key))
      seen.formUnion(result.masks.map(\.key))
      return isNew
    }
    let results = kept.map { result in
      let cells = channels.map { channel in
        result.cells.first { $0.channel == channel }
          ?? ScenarioResult.Cell(channel: channel, finding: .notJudged(reason: "not compared"))
      }
      return result.with(cells)
    }
    return Report(
      left: left, right: right, channels: channels, results: results, stale: stale, time: time, fuzzed: fuzzed,
      notes: notes)
  }
}

extension ScenarioResult {
  fileprivate func with(_ cells: [Cell]) -> ScenarioResult {
    var copy = ScenarioResult(scenario, cells: cells, troubles: troubles, runs: runs, vacuous: vacuous)
    (copy.number, copy.replay) = (number, replay)
    return copy
  }
}
