extension Report {
  /// The report for a terminal: the grid, the differences, the masks, and the verdict.
  public func text(colour: Bool = false) -> String {
    let style = TerminalStyle(isOn: colour)
    var lines = results.isEmpty ? titleLines : grid(style)
    lines += details(style)
    lines += maskLines
    lines += vacuousLines.map(style.yellow)
    lines += notes.map { "note: \($0)" }
    for note in footnotes { lines += ["note: \(note)", ""] }
    if let noiseLine { lines += [noiseLine, ""] }
    lines += costLines
    for rule in stale {
      let kind = rule.isDifference ? "known difference" : "mask"
      lines.append(
        style.red("the \(kind) \"\(rule.pattern)\" (\(rule.channel)) no longer applies: remove it"))
    }
    lines.append(summary(style))
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: The grid

  private func grid(_ style: TerminalStyle) -> [String] {
    let width = (results.map(\.scenario.name.count).max() ?? 0) + 2
    let columns = channels.map { max($0.rawValue.count, $0 == .cost ? 9 : 6) + 2 }
    func row(_ name: String, _ cells: [String], _ shades: [(String) -> String]) -> String {
      var row = name.padded(width)
      for index in cells.indices {
        let isLast = index == cells.count - 1
        row +=
          shades[index](cells[index]) + String(repeating: " ", count: isLast ? 0 : columns[index] - cells[index].count)
      }
      return row
    }
    let plain: (String) -> String = { $0 }
    let headlines = headlines
    var lines = titleLines + headlines + (headlines.isEmpty ? [] : [""])
    lines += [
      row("", channels.map(\.rawValue), channels.map { _ in plain })
    ]
    for result in results {
      let shades = result.cells.map { cell in { (text: String) in style.shade(text, cell.finding) } }
      lines.append(row(result.scenario.name, result.cells.map { $0.finding.word }, shades))
    }
    return lines + [""]
  }

  // MARK: Differences

  /// Equal differences of several scenarios are shown once.
  private func details(_ style: TerminalStyle) -> [String] {
    var lines: [String] = []
    for trouble in results.flatMap(\.troubles).distinct {
      let names = results.filter { $0.troubles.contains(trouble) }.map(\.scenario.name)
      let others = names.count > 1 ? " and \(names.count - 1) more" : ""
      lines.append(style.yellow("\(names[0])\(others): \(trouble)"))
      lines += replayLine(names[0])
    }
    for group in groups where !group.finding.isNote {
      let (difference, names) = (group.difference, group.scenarios.map { results[$0].scenario.name })
      let position = difference.offset > 0 ? ", after \(difference.offset) bytes" : ""
      var head = "\(names[0]) · \(group.title)\(position)"
      if let note = difference.note { head += " (\(note))" }
      if case .known(_, let reason) = group.finding { head += " (known: \(reason))" }
      lines += ["", style.shade(head, group.finding)] + difference.aligned() + replayLine(names[0])
      if names.count > 1 {
        let others = names.dropFirst().prefix(4).joined(separator: ", ")
        lines.append("  the same in \(names.count - 1) more: \(others)" + (names.count > 5 ? ", …" : ""))
      }
    }
    return lines.isEmpty ? [] : lines.drop { $0.isEmpty } + [""]
  }

  private func replayLine(_ name: String) -> [String] {
    results.first { $0.scenario.name == name }?.replay.map { ["  replay with: \($0)"] } ?? []
  }

  private var maskLines: [String] {
    var seen: Set<Mask.Key> = []
    var lines: [String] = []
    for result in results {
      for cell in result.cells {
        guard case .same(let masks) = cell.finding else { continue }
        for mask in masks {
          // The same noise appears in most scenarios.
          guard seen.insert(mask.key).inserted else { continue }
          let place = "\(result.scenario.name) · \(cell.channel.rawValue) · \(mask.observation)"
          if mask.isRest {
            lines.append("\(place): \(mask.note ?? "")")
            continue
          }
          let values = (mask.left.prefix(2) + mask.right.prefix(2)).map { $0.prefixed(20) }.joined(separator: ", ")
          lines.append(
            "masked, because it varies: \(mask.name) in \(place), "
              + "after \"\(mask.after.suffixed(30))\": \(mask.note ?? values)")
        }
      }
    }
    return lines.isEmpty ? [] : lines + [""]
  }

  // MARK: The verdict

  private func summary(_ style: TerminalStyle) -> String {
    let others = results.filter { $0.number == nil }
    let played = fuzzed?.played ?? 0
    let differing = results.count { $0.verdict != .same }
    let all = others.count + played
    let word =
      switch verdict {
      case .same: style.green("same")
      case .different: style.red("different")
      case .notJudged: style.yellow("could not judge")
      case .varies: style.yellow(verdict.name)
      }
    var text = "\(word): \(all - differing) of \(all) scenarios are the same"
    let varying = results.filter { $0.verdict == .varies }.compactMap(\.number)
    if let fuzzed { text += fuzzed.summary(varying) }
    text += judged.isEmpty ? "; nothing was compared" : "; compared: \(judged.map(\.rawValue).joined(separator: ", "))"
    for (channel, reason) in judged.isEmpty ? [] : unjudged {
      text += "; \(channel.rawValue) not judged" + (reason.map { " (\($0))" } ?? "")
    }
    return text + "; \(time.tenths) s"
  }
}

extension FuzzSummary {
  fileprivate func summary(_ varying: [Int]) -> String {
    var text = " (seed \(seed)"
    if shards != [.whole] { text += ", shard \(shards.map(\.description).joined(separator: ", "))" }
    if played < wanted { text += ", \(wanted - played) not played" }
    if varying.isEmpty { return text + ")" }
    let some = varying.prefix(5).map(String.init).joined(separator: ", ") + (varying.count > 5 ? ", …" : "")
    return text + "; \(varying.count) \(varying.count == 1 ? "varies" : "vary"): \(some))"
  }
}

extension Finding {
  /// The text in a cell of the grid.
  var word: String {
    switch self {
    case .same(let masks): masks.isEmpty ? "same" : "same*"
    case .different: "DIFFER"
    case .hung: "HUNG"
    case .varies: "VARIES"
    case .partly: "PARTLY"
    case .noted: "noted"
    case .known: "known"
    case .notJudged: "–"
    case .measured(let left, let right): "\(left.milliseconds)|\(right.milliseconds) ms"
    }
  }

  var isJudged: Bool {
    switch self {
    case .notJudged, .measured: false
    case .same, .different, .hung, .varies, .partly, .noted, .known: true
    }
  }

  var reason: String? {
    if case .notJudged(let reason) = self { reason } else { nil }
  }
}

extension ResourceUsage {
  var milliseconds: Int { Int(processorTime / .milliseconds(1)) }
}

extension Duration {
  /// Seconds with one decimal.
  var tenths: String {
    let tenths = Int(self / .milliseconds(100))
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension String {
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

extension [String] {
  /// Without duplicates, in the order of first occurrence.
  var distinct: [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}

extension Difference {
  /// Both sides, one below the other; all values of a side that varies.
  func aligned(_ names: (left: String, right: String) = ("left", "right")) -> [String] {
    let (left, right) = (left.distinct, right.distinct)
    let width = (left + right).map { $0.prefixed(Limits.shown).count }.max() ?? 0
    let margin = max(6, names.left.count, names.right.count)
    func rows(_ label: String, _ texts: [String]) -> [String] {
      (texts.prefix(Limits.values) + (texts.count > Limits.values ? ["…"] : [])).enumerated().map { index, text in
        let own = text.prefixed(Limits.shown).padded(width)
        return "  \((index == 0 ? label : "").padded(margin)) \(before)\(own)\(after)"
      }
    }
    let first = zip(left.first ?? "", right.first ?? "").prefix { $0.0 == $0.1 }.count
    let caret = String(repeating: " ", count: margin + 3 + before.count + min(first, width)) + "^"
    return rows(names.left, left) + rows(names.right, right) + [caret]
  }
}
