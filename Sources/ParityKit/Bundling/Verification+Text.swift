extension Verification {
  /// The result for a terminal: what is otherwise, and the verdicts then and now.
  public func text(colour: Bool = false) -> String {
    let style = TerminalStyle(isOn: colour)
    var lines = [
      "bundle  \(bundle.path), sha256 \(bundle.digest)",
      "made    \(bundle.manifest.date) by parity \(bundle.manifest.judge)", "left    \(left)", "right   \(right)", "",
    ].map(\.printable)
    if !bundle.tampering.isEmpty {
      lines += bundle.tampering.map { style.red("the bundle is not as it was written: \($0.printable)") }
      return (lines + ["", style.yellow("not judged: nothing of the bundle was played")]).joined(separator: "\n") + "\n"
    }
    let changes = bundle.manifest.machine.changes(to: machine) + files.compactMap(\.change)
    lines += changes.map { style.yellow($0.printable) } + (changes.isEmpty ? [] : [""])
    guard let report else {
      let count = bundle.manifest.contents.count + 1
      return (lines + ["intact: all \(count) files are as they were written; nothing was played"])
        .joined(separator: "\n") + "\n"
    }
    lines += verdictLines(style) + changeLines(style)
    lines.append(summary(report, style))
    return lines.joined(separator: "\n") + "\n"
  }

  /// A line for each verdict that is another one, once for each cause, and for each scenario that was not played.
  private func verdictLines(_ style: TerminalStyle) -> [String] {
    var lines = scenarios.flatMap(\.troubles).distinct.map { trouble in
      let names = scenarios.filter { $0.troubles.contains(trouble) }.map(\.name.printable)
      return style.yellow("\(names[0])\(names.count > 1 ? " and \(names.count - 1) more" : ""): \(trouble)")
    }
    let changed = scenarios.filter(\.troubles.isEmpty).flatMap { scenario in
      scenario.cells.filter { $0.standing != .stillTrue }.map { (scenario, $0) }
    }
    var seen: Set<[String]> = []
    for (scenario, cell) in changed where seen.insert(cell.cause).inserted {
      let others = changed.count { $0.1.cause == cell.cause } - 1
      lines.append(style.paint("\(scenario.name.printable) · \(cell.channel): \(cell.words)", cell.standing))
      if let difference = cell.now?.difference { lines += difference.aligned() }
      if let replay = scenario.replay { lines.append("  replay with: \(replay)") }
      if others > 0 { lines.append("  the same in \(others) more") }
    }
    return lines.isEmpty ? [] : lines + [""]
  }

  /// What each program does otherwise, once for each cause.
  private func changeLines(_ style: TerminalStyle) -> [String] {
    let all = scenarios.flatMap { scenario in
      scenario.changes.map { (scenario: scenario, phrase: $0, change: $1, cause: [$0] + $1.cause) }
    }
    var lines: [String] = []
    var seen: Set<[String]> = []
    for (scenario, phrase, change, cause) in all where seen.insert(cause).inserted {
      let count = Set(all.filter { $0.cause == cause }.map(\.scenario.name)).count
      let place = "\(scenario.name.printable) · \(change.channel) · \(change.difference.observation)"
      lines.append(style.yellow("\(place): \(phrase)" + (count > 1 ? ", in \(count) scenarios" : "")))
      lines += change.difference.aligned(("then", "now"))
    }
    return lines.isEmpty ? [] : lines + [""]
  }

  private func summary(_ report: Report, _ style: TerminalStyle) -> String {
    let count = scenarios.count { $0.standing == .stillTrue }
    return style.paint(standing.rawValue, standing)
      + ": \(count) of \(bundle.scenarios.count) scenarios are as they were; the verdict was "
      + "\"\(bundle.manifest.verdict.name)\" then, and is \"\(report.verdict.name)\" now; \(report.time.tenths) s"
  }
}

extension VerifiedScenario {
  /// Each change, with a phrase that says which program changed.
  fileprivate var changes: [(String, SideComparison.Change)] {
    if haveChangedAlike { return left.map { ("both programs behave otherwise than then, in the same way", $0) } }
    return left.map { ("the left program behaves otherwise than then", $0) }
      + right.map { ("the right program behaves otherwise than then", $0) }
  }
}

extension VerifiedScenario.Cell {
  fileprivate var words: String { "\(then.word) then, \(now.map(\.word) ?? "not played") now" }

  /// Equal for changes that look the same to a reader.
  fileprivate var cause: [String] { [channel.rawValue, now?.word ?? ""] + (now?.difference?.cause ?? []) }
}

extension TerminalStyle {
  fileprivate func paint(_ text: String, _ standing: Standing) -> String {
    switch standing {
    case .stillTrue: green(text)
    case .noLongerTrue: red(text)
    case .notJudged: yellow(text)
    }
  }
}

extension String {
  /// A bundle may come from anybody, and its texts must not control the terminal.
  fileprivate var printable: String {
    var printable = ""
    for scalar in unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      printable += isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
    return printable
  }
}
