extension Report {
  /// The same difference in several scenarios, which is told once.
  struct Group {
    let channel: Channel
    let finding: Finding
    let difference: Difference
    /// Where it is, by number.
    fileprivate(set) var scenarios: [Int]
  }

  var groups: [Group] {
    var groups: [Group] = []
    for (number, judgement) in judgements.enumerated() {
      for cell in judgement.cells {
        guard let difference = cell.finding.difference else { continue }
        let same = groups.firstIndex { group in
          group.channel == cell.channel && group.finding.word == cell.finding.word
            && group.difference.looksLike(difference)
        }
        if let same {
          groups[same].scenarios.append(number)
        } else {
          groups.append(
            Group(channel: cell.channel, finding: cell.finding, difference: difference, scenarios: [number]))
        }
      }
    }
    return groups
  }

  /// The channels about which something is said.
  var judged: [Channel] {
    channels.filter { channel in
      fuzzed?.compared.contains(channel) ?? false
        || judgements.contains { $0.cells.contains { $0.channel == channel && $0.finding.isJudged } }
    }
  }

  /// The others, but for cost, which is only measured, and why.
  var unjudged: [(channel: Channel, reason: String?)] {
    let judged = judged
    return channels.filter { !judged.contains($0) && $0 != .cost }.map { channel in
      let cells = judgements.compactMap { $0.cells.first { $0.channel == channel } }
      return (channel, cells.compactMap(\.finding.reason).first)
    }
  }
}

extension Difference {
  /// The same to a reader, wherever it is.
  func looksLike(_ other: Difference) -> Bool {
    trace == other.trace && left.distinct == other.left.distinct && right.distinct == other.right.distinct
  }
}
