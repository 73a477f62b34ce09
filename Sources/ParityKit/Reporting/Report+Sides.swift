extension Program {
  /// The name of a side: the command, with the variables that are added to its environment.
  var title: String { environment.isEmpty ? description : "\(description) with \(commandLine(entries))" }
}

extension Report {
  /// Both sides for a terminal.
  var titleLines: [String] {
    ["left   \(left.title)", "right  \(right.title)"] + (selfNote.map { ["note: \($0)"] } ?? []) + [""]
  }

  /// Said if nothing differs between the sides from the beginning.
  var selfNote: String? {
    left.words == right.words && left.environment == right.environment ? "the program is compared with itself" : nil
  }

  /// Both sides in a line, for the title of a page.
  var titlesInALine: String {
    let isOneCommand = left.words == right.words && left.environment != right.environment
    return isOneCommand ? "\(left.title) and \(right.title)" : "\(left.name) and \(right.name)"
  }
}

// MARK: Noise

extension Report {
  /// In how many scenarios the runs of a side differ among themselves, with the other side left aside.
  var noise: (left: Int, right: Int) {
    (results.count { $0.isNoisy(\.left, \.left) }, results.count { $0.isNoisy(\.right, \.right) })
  }

  /// How noisy each side is by itself; nil if neither is.
  var noiseLine: String? {
    let noise = noise
    // A fuzz run lists only the scenarios with a difference or a mask.
    let count = results.count { $0.number == nil } + (fuzzed?.played ?? 0)
    if noise == (0, 0) { return nil }
    return
      "noise: the left's own runs differ in \(noise.left) of \(count) scenarios, the right's in \(noise.right)"
  }
}

extension ScenarioResult {
  /// Whether the values of a side vary in a mask or in a difference. System calls depend on timing in every program.
  fileprivate func isNoisy(_ inMask: (Mask) -> [String], _ inDifference: (Difference) -> [String]) -> Bool {
    cells.filter { $0.channel != .calls }.contains { cell in
      let masks = if case .same(let masks) = cell.finding { masks } else { [Mask]() }
      let differences = cell.finding.difference?.all ?? []
      return masks.contains { inMask($0).distinct.count > 1 }
        || differences.contains { inDifference($0).distinct.count > 1 }
    }
  }
}
