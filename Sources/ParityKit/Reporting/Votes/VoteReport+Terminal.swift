extension VoteReport {
  /// The report for a terminal: which program is alone, the table, the differences, and the verdict.
  public func text(colour: Bool = false) -> String {
    let style = TerminalStyle(isOn: colour)
    var lines = programs.enumerated().map { "\(Self.name($0))  \($1)" } + [""]
    let divisions = divisions
    lines += divisions.prefix(Limits.headlines).map(\.headline)
    if divisions.count > Limits.headlines { lines.append("and \(divisions.count - Limits.headlines) more") }
    if !divisions.isEmpty { lines.append("") }
    if !results.isEmpty { lines += table(style) + [""] }
    let troubles = (troubles + results.flatMap { result in result.troubles.map { "\(result.scenario.name): \($0)" } })
    lines += troubles.map(style.yellow) + (troubles.isEmpty ? [] : [""])
    lines += divisions.flatMap { division in
      [division.place] + division.aligned + division.replayLine(self) + [""]
    }
    lines += stale.map { style.red("the rule \"\($0.pattern)\" (\($0.channel)) no longer applies: remove it") }
    return (lines + summary(style)).joined(separator: "\n") + "\n"
  }

  /// A row for each scenario, a column for each program.
  private func table(_ style: TerminalStyle) -> [String] {
    let width = (results.map(\.scenario.name.count).max() ?? 0) + 2
    let names = programs.indices.map(Self.name)
    let head = "".padded(width) + names.map { $0.padded(8) }.joined()
    return [head.trimmed]
      + results.map { result in
        let cells = programs.indices.map { program -> String in
          let word = result.word(program)
          let padded = word.padded(8)
          switch word {
          case "same": return padded
          case "?": return style.yellow(padded)
          default: return style.red(padded)
          }
        }
        return (result.scenario.name.padded(width) + cells.joined() + result.channelNames).trimmed
      }
  }

  private func summary(_ style: TerminalStyle) -> [String] {
    let (count, same) = (results.count, results.count { $0.verdict == .same })
    let alone = zip(programs.indices, self.alone).map { "\(Self.name($0)) \($1)" }.joined(separator: ", ")
    let word =
      switch verdict {
      case .same: style.green("same")
      case .different: style.red("different")
      case .notJudged, .varies: style.yellow("could not judge")
      }
    let ties = results.count { $0.cells.contains { $0.split.isTie } }
    let line =
      "\(word): all \(programs.count) programs are the same in \(same) of \(count) scenarios; "
      + "compared: \(channels.map(\.rawValue).joined(separator: ", ")); \(time.tenths) s"
    if count == 0 { return [line] }
    return ["alone in how many of \(count) scenarios: \(alone)" + (ties > 0 ? "; a tie in \(ties)" : ""), line]
  }
}

extension VoteResult {
  /// The text in a cell of the table, over all channels.
  func word(_ program: Int) -> String {
    let group = split.groups.firstIndex { $0.contains(program) } ?? 0
    if split.doubts.contains(where: { $0.first == program || $0.second == program }) {
      return group == 0 && split.groups[0].count > 1 && !hasInnerDoubt ? "same" : "?"
    }
    if split.alone.contains(program) { return "ALONE" }
    if split.groups.count == 1 || (group == 0 && !split.isTie) { return "same" }
    return split.groups[group].count == 1 ? "differs" : "group \(group + 1)"
  }

  /// Whether two programs of the largest group are not the same.
  private var hasInnerDoubt: Bool {
    split.doubts.contains { split.groups[0].contains($0.first) && split.groups[0].contains($0.second) }
  }

  /// The channels in which not all programs are the same.
  var channelNames: String {
    cells.filter { $0.split.verdict != .same }.map(\.channel.rawValue).joined(separator: ", ")
  }
}

extension String {
  /// Without spaces at the end.
  fileprivate var trimmed: String { String(reversed().drop { $0 == " " }.reversed()) }
}
