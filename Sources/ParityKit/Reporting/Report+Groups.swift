extension Report {
  /// A difference and all scenarios that have it.
  struct Group {
    let channel: Channel
    let finding: Finding
    let difference: Difference
    /// The indices of the scenarios.
    fileprivate(set) var scenarios: [Int]

    var title: String { channel.title(of: difference.observation) }
  }

  /// One group for each cause: those that decide first.
  var groups: [Group] {
    var groups: [Group] = []
    var known: [[String]: Int] = [:]
    for (number, result) in results.enumerated() {
      for cell in result.cells {
        for difference in cell.finding.difference?.all ?? [] {
          let cause = [cell.channel.rawValue, cell.finding.word] + difference.cause(in: cell.channel)
          if let index = known[cause] {
            if groups[index].scenarios.last != number { groups[index].scenarios.append(number) }
          } else {
            known[cause] = groups.count
            groups.append(
              Group(channel: cell.channel, finding: cell.finding, difference: difference, scenarios: [number]))
          }
        }
      }
    }
    return groups.filter { !$0.finding.isNote } + groups.filter(\.finding.isNote)
  }

  /// The most frequent differences, a line each; and how many more there are.
  var headlines: [String] {
    let deciding = groups.filter { $0.finding.verdict != .same }
    let sorted = deciding.enumerated().sorted { first, second in
      (second.element.scenarios.count, first.offset) < (first.element.scenarios.count, second.offset)
    }
    let lines = sorted.prefix(Limits.headlines).map { _, group in
      let count = group.scenarios.count
      return "\(group.title) \(group.finding.phrase): \(group.difference.brief), "
        + "in \(count) of \(results.count) scenarios"
    }
    let more = deciding.count - lines.count
    return lines + (more > 0 ? ["and \(more) more"] : [])
  }

  /// Footnotes about system calls and latencies that differ and do not decide.
  var footnotes: [String] {
    let noted = groups.filter(\.finding.isNote)
    let calls = noted.first { $0.channel == .calls }.map { first in
      let count = results.count { $0.cells.contains { $0.channel == .calls && $0.finding.isNote } }
      let example = first.difference.note ?? first.difference.brief
      return "system calls differ in \(count) of \(results.count) scenarios, which does not decide the verdict: "
        + "\(first.difference.observation), \(example); --strict-calls judges them"
    }
    let times = noted.filter { $0.channel == .time }.map { group in
      "\(group.difference.observation) differ in time in \(group.scenarios.count) of \(results.count) scenarios, which "
        + "does not decide the verdict: \(group.difference.note ?? ""), \(group.difference.brief) in "
        + "\(results[group.scenarios[0]].scenario.name); --limit-latency judges them"
    }
    return [calls].compactMap(\.self) + times
  }

  /// The channels that were judged.
  var judged: [Channel] {
    channels.filter { channel in
      fuzzed?.compared.contains(channel) ?? false
        || results.contains { $0.cells.contains { $0.channel == channel && $0.finding.isJudged } }
    }
  }

  /// The channels that were not judged, and why. Cost is only measured.
  var unjudged: [(channel: Channel, reason: String?)] {
    let judged = judged
    return channels.filter { !judged.contains($0) && $0 != .cost }.map { channel in
      let cells = results.compactMap { $0.cells.first { $0.channel == channel } }
      return (channel, cells.compactMap(\.finding.reason).first)
    }
  }
}

extension Difference {
  /// Equal for differences of a channel that look the same to a reader. The times differ in each scenario.
  func cause(in channel: Channel) -> [String] {
    channel == .time ? [observation, (note ?? "").replacing(/[0-9]+/, with: "0")] : cause
  }

  /// Equal for differences that look the same to a reader, whatever the numbers of connections and the values of noise.
  var cause: [String] {
    let place = observation.hasPrefix("connection") ? "connection" : observation
    return [place]
      + [left, right].map { side in
        let values = side.distinct
        let first = values.first ?? ""
        return values.count == 1 ? first : "{\(first.replacing(/[0-9a-f]+/, with: "0"))}"
      }
  }

  /// Both values in one line.
  var brief: String {
    "\(Self.brief(left)) ≠ \(Self.brief(right))"
  }

  /// The value of one side.
  static func brief(_ side: [String]) -> String {
    let values = side.distinct
    let first = values.first.map { $0.isEmpty ? "nothing" : $0.prefixed(Limits.context / 2) } ?? "nothing"
    return values.count > 1 ? "\(first) (varies)" : first
  }
}
