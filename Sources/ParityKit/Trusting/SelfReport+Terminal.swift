internal import Formats

extension SelfReport {
  /// The report for a terminal: a line for each channel, the reasons for doubt, and the conclusion.
  public func text(colour: Bool = false) -> String {
    let style = TerminalStyle(isOn: colour)
    let count = report.results.count
    var lines = ["program  \(program)", ""]
    for row in rows {
      let judged = "judged in \(row.judged) of \(count)".padded("judged in \(count) of \(count)".count + 2)
      lines.append(row.channel.rawValue.padded(11) + judged + row.word(style) + row.noiseText)
      lines += row.doubts.flatMap { $0.lines }
    }
    lines += [""] + troubles.flatMap { [style.yellow($0.heading)] + $0.replayLines }
    if !troubles.isEmpty { lines.append("") }
    lines += report.vacuousLines.map(style.yellow)
    lines.append(conclusion)
    lines.append("\(verdictWord(style)): \(verdictText); \(report.time.tenths) s")
    return lines.joined(separator: "\n") + "\n"
  }

  /// One sentence: the channels that can be believed, the noise in them, and the channels that can't be believed.
  public var conclusion: String {
    let believable = rows.filter { $0.isBelievable == true }
    let doubtful = rows.filter { $0.isBelievable == false }
    var parts = [believable.isEmpty ? "nothing can be believed" : "\(list(believable)) can be believed"]
    for row in believable where !row.noise.isEmpty {
      let names = row.noise.map { Self.words[$0.name] ?? "text that varies" }.distinct
      parts.append("\(row.channel) holds \(Self.joined(names)), which \(names.count > 1 ? "are" : "is") masked")
    }
    if !doubtful.isEmpty { parts.append("\(list(doubtful)) can't be believed") }
    let unjudged = rows.filter { $0.isBelievable == nil }
    if !unjudged.isEmpty, !believable.isEmpty { parts.append("\(list(unjudged)) was not judged") }
    return parts.joined(separator: "; ")
  }

  private func list(_ rows: [Row]) -> String { Self.joined(rows.map(\.channel.rawValue)) }

  private static func joined(_ words: [String]) -> String {
    words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
  }

  /// What a reader calls noise.
  private static let words = [
    "{pid}": "a pid", "{date}": "a date", "{hex}": "hexadecimal digits", "{number}": "a number", "{word}": "a word",
    "{calls}": "an order of calls",
  ]

  // MARK: The verdict

  private func verdictWord(_ style: TerminalStyle) -> String {
    switch verdict {
    case .same: style.green("same")
    case .notJudged: style.yellow("could not judge")
    default: style.red(verdict.name)
    }
  }

  private var verdictText: String {
    let count = report.results.count
    let same = report.results.count { $0.verdict == .same }
    return "the program is the same as itself in \(same) of \(count) scenarios"
  }
}

extension SelfReport.Row {
  fileprivate func word(_ style: TerminalStyle) -> String {
    switch isBelievable {
    case true?: style.green("believable")
    case false?: style.red("not believable")
    case nil: style.yellow("not judged")
    }
  }

  fileprivate var noiseText: String {
    if noise.isEmpty { return "" }
    let all = noise.map { noise in
      (noise.observation == channel.rawValue ? noise.name : "\(noise.name) in \(noise.observation)")
        + " (\(noise.scenarios))"
    }
    return "; masked: " + all.joined(separator: ", ")
  }
}

extension SelfReport.Doubt {
  fileprivate var heading: String {
    let others = scenarios.count > 1 ? " and \(scenarios.count - 1) more" : ""
    return "\(scenarios[0])\(others): \(reason)"
  }

  fileprivate var replayLines: [String] { replay.map { ["  replay with: \($0)"] } ?? [] }

  fileprivate var lines: [String] { ["  \(heading)"] + replayLines.map { "  \($0)" } }
}
