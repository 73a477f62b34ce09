extension Report {
  /// A difference and all scenarios that have it.
  struct Group {
    let channel: Channel
    let finding: Finding
    let difference: Difference
    /// The indices of the scenarios.
    fileprivate(set) var scenarios: [Int]
  }

  /// One group for each cause: those that decide first.
  var groups: [Group] {
    var groups: [Group] = []
    var known: [[String]: Int] = [:]
    for (number, result) in results.enumerated() {
      for cell in result.cells {
        for difference in cell.finding.difference?.all ?? [] {
          let cause = [cell.channel.rawValue, cell.finding.word] + difference.cause
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
      let place = group.difference.observation == group.channel.rawValue ? "" : " · \(group.difference.observation)"
      return "\(group.channel.rawValue)\(place) \(group.finding.phrase): \(group.difference.brief), "
        + "in \(count) of \(results.count) scenarios"
    }
    let more = deciding.count - lines.count
    return lines + (more > 0 ? ["and \(more) more"] : [])
  }

  /// A footnote about system calls that differ and do not decide; nil if there are none.
  var callNote: String? {
    let noted = results.filter { $0.cells.contains { $0.finding.isNote } }
    guard let first = groups.first(where: \.finding.isNote) else { return nil }
    let example = first.difference.note ?? first.difference.brief
    return "system calls differ in \(noted.count) of \(results.count) scenarios, which does not decide the verdict: "
      + "\(first.difference.observation), \(example); --strict-calls judges them"
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
