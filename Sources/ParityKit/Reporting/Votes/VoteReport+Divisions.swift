extension VoteReport {
  /// How the programs divide in a channel, and all scenarios in which they divide so.
  struct Division {
    let channel: Channel
    let split: Split
    let differences: [Split.Pair: Difference]
    let reasons: [String]
    fileprivate(set) var scenarios: [String]
  }

  /// One for each cause, the most frequent first.
  var divisions: [Division] {
    var divisions: [Division] = []
    var known: [[String]: Int] = [:]
    for result in results {
      for cell in result.cells where cell.split.verdict != .same {
        let division = Division(
          channel: cell.channel, split: cell.split, differences: cell.differences, reasons: cell.reasons,
          scenarios: [result.scenario.name])
        let cause = [cell.channel.rawValue, "\(cell.split.groups)"] + (division.shown.first?.difference.cause ?? [])
        if let index = known[cause] {
          divisions[index].scenarios.append(result.scenario.name)
        } else {
          known[cause] = divisions.count
          divisions.append(division)
        }
      }
    }
    return divisions.enumerated().sorted {
      ($1.element.scenarios.count, $0.offset) < ($0.element.scenarios.count, $1.offset)
    }
    .map(\.element)
  }

  static func list(_ programs: [Int]) -> String {
    let names = programs.map(name)
    return names.count < 2
      ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }
}

extension VoteReport.Division {
  /// The difference of each further group with the largest one: of the first pair that has one.
  var shown: [(pair: Split.Pair, difference: Difference)] {
    split.groups.dropFirst().compactMap { group in
      let pairs = split.groups[0].flatMap { one in
        group.map { Split.Pair(first: min(one, $0), second: max(one, $0)) }
      }
      return pairs.first { differences[$0] != nil }.flatMap { pair in differences[pair].map { (pair, $0) } }
    }
  }

  /// How the programs divide, in words.
  var phrase: String {
    let groups = split.groups
    if !split.doubts.isEmpty {
      let pair = split.doubts[0]
      let both = VoteReport.list([pair.first, pair.second])
      let isInner = groups.contains { $0.contains(pair.first) && $0.contains(pair.second) }
      guard isInner, differences[pair] != nil, reasons.isEmpty else {
        return "\(both) not judged" + (reasons.first.map { " (\($0))" } ?? "")
      }
      return "\(both) differ, and another program is the same as both,"
    }
    if groups.allSatisfy({ $0.count == 1 }) { return "\(VoteReport.list(groups.joined().sorted())) all differ" }
    if split.isTie { return "a tie, \(groups.map(VoteReport.list).joined(separator: " against "))," }
    let alone = split.alone
    if alone.count == groups.count - 1 {
      return alone.map { "\(VoteReport.name($0)) alone" }.joined(separator: ", ")
    }
    return "\(groups.dropFirst().map(VoteReport.list).joined(separator: " and ")) against \(VoteReport.list(groups[0]))"
  }

  /// The phrase, the channel, the scenarios and the values in a line.
  var headline: String {
    let more = scenarios.count > 1 ? " and \(scenarios.count - 1) more" : ""
    let head = "\(phrase) in \(channel.rawValue) of \(scenarios[0])\(more)"
    return values.isEmpty ? head : "\(head): \(values)"
  }

  /// The value of each group.
  private var values: String {
    guard split.doubts.isEmpty, let first = shown.first else { return "" }
    func side(_ program: Int, _ shown: (pair: Split.Pair, difference: Difference)) -> String {
      Difference.brief(shown.pair.first == program ? shown.difference.left : shown.difference.right)
    }
    let others = zip(split.groups.dropFirst(), shown).map { group, shown in
      let own = group.contains(shown.pair.first) ? shown.pair.first : shown.pair.second
      return "\(VoteReport.list(group)): \(side(own, shown))"
    }
    let own = split.groups[0].contains(first.pair.first) ? first.pair.first : first.pair.second
    return (others + ["\(VoteReport.list(split.groups[0])): \(side(own, first))"]).joined(separator: "; ")
  }

  var place: String {
    let observation = shown.first?.difference.observation ?? differences.values.first?.observation
    let title = observation.map(channel.title) ?? channel.rawValue
    let others = scenarios.dropFirst().prefix(4).joined(separator: ", ") + (scenarios.count > 5 ? ", …" : "")
    return "\(scenarios[0]) · \(title): \(phrase.trimmingComma)"
      + (scenarios.count > 1 ? "; also in \(others)" : "")
  }

  /// The differences of the groups, or else those of pairs that contradict the groups.
  var pairs: [(pair: Split.Pair, difference: Difference)] {
    let doubtful = split.doubts.compactMap { pair in differences[pair].map { (pair: pair, difference: $0) } }
    return shown.isEmpty ? Array(doubtful.prefix(1)) : shown
  }

  var aligned: [String] {
    pairs.flatMap { pair, difference in
      difference.aligned((VoteReport.name(pair.first), VoteReport.name(pair.second)))
    }
  }

  /// The command line that shows the first difference again.
  func replayLine(_ report: VoteReport) -> [String] {
    guard let pair = pairs.first?.pair, let result = report.results.first(where: { $0.scenario.name == scenarios[0] })
    else { return [] }
    return ["  replay with: \(report.replay(pair, result.scenario))"]
  }
}

extension VoteReport {
  /// The command line that compares two of the programs in one scenario.
  func replay(_ pair: Split.Pair, _ scenario: Scenario) -> String {
    var comparison = Comparison(programs[pair.first], programs[pair.second], scenarios: [scenario])
    comparison.channels = channels
    comparison.timeout = timeout
    return commandLine(comparison.replay(comparison, scenario))
  }
}

extension String {
  fileprivate var trimmingComma: String { hasSuffix(",") ? String(dropLast()) : self }
}
