extension Report {
  /// A difference and all scenarios that have it.
  struct Group {
    let channel: Channel
    let finding: Finding
    let difference: Difference
    /// The indices of the scenarios.
    fileprivate(set) var scenarios: [Int]
  }

  var groups: [Group] {
    var groups: [Group] = []
    for (number, result) in results.enumerated() {
      for cell in result.cells {
        guard let difference = cell.finding.difference else { continue }
        let same = groups.firstIndex { group in
          group.channel == cell.channel && group.finding.word == cell.finding.word
            && group.difference.matchesToReader(difference)
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
  /// Whether two differences look the same to a reader.
  func matchesToReader(_ other: Difference) -> Bool {
    observation == other.observation && left.distinct == other.left.distinct && right.distinct == other.right.distinct
  }
}
