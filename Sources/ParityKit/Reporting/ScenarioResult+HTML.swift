internal import Formats

extension ScenarioResult {
  /// The details of one scenario, collapsed if the sides are the same.
  func html(_ number: Int, replay: HTML) -> HTML {
    let differing = cells.filter { $0.finding.difference != nil }
    let about = scenario.about.map { "<p>\($0)</p>\n" as HTML } ?? ""
    let chips = differing.map { cell in
      "<span class=\"chip \(cell.finding.kind)\">\(cell.channel.rawValue) \(cell.finding.phrase)</span>" as HTML
    }
    let isCollapsed = verdict == .same && differing.isEmpty && troubles.isEmpty
    return """
      <details class="scenario"\(isCollapsed ? "" : " open")><summary><h3>\(verdict.sign) \(scenario.name)</h3>\(chips)</summary>
      <div class="body" id="s\(number)">
      \(about)\(troubles.map { "<p class=\"trouble\">\($0)</p>\n" as HTML })\
      \(warnings.map { "<p class=\"trouble\">Warning: \($0)</p>\n" as HTML })\
      \(differing.map(partHTML))\
      \(SequenceDiagram.list(self))\
      \(callsHTML)\
      \(resultsHTML)\
      \(masksHTML)\
      \(replay)
      </div></details>

      """
  }

  private func partHTML(_ cell: Cell) -> HTML {
    guard let difference = cell.finding.difference else { return .nothing }
    let known: HTML =
      if case .known(_, let reason) = cell.finding { "<p>Known: \(reason)</p>\n" } else { .nothing }
    return """
      <h4>\(cell.channel.title(of: difference.observation)) \(cell.finding.phrase)\(difference.position)</h4>
      \(known)\(difference.all.map { InlineDiff.table($0) })
      """
  }

  // MARK: What the sides did

  /// The aligned system calls of both sides, if they were recorded.
  private var callsHTML: HTML {
    let left = Channel.calls.observations(of: left)
    let right = Channel.calls.observations(of: right)
    let names = (left + right).map(\.name).distinct
    let rows = names.map { name in
      "\(observationRows(name, left.first { $0.name == name }, right.first { $0.name == name }, likeness(of: .calls)))"
        as HTML
    }
    return rows.isEmpty ? .nothing : "<h4>System calls</h4>\n\(Self.table("System calls of both sides, aligned", rows))"
  }

  /// The output, the exit and the leftovers of both sides.
  private var resultsHTML: HTML {
    // Neither side was started, so there is nothing to compare.
    if left.exits.isEmpty && right.exits.isEmpty { return .nothing }
    let printed: [HTML] = [("standard output", left.output, right.output), ("standard error", left.error, right.error)]
      .map { name, left, right in
        let texts = left.isEmpty && right.isEmpty ? ["nothing", "nothing"] : InlineDiff.bytes(left, right)
        return row(name, texts[0], texts[1], left == right ? .both : likeness(of: .output))
      }
    let others = [Channel.exit, .leftovers].flatMap { channel in
      let (left, right) = (channel.observations(of: left).first, channel.observations(of: right).first)
      return observationRows(channel.rawValue, left, right, likeness(of: channel))
    }
    let table = Self.table("Output, exit and leftovers of both sides", printed + others)
    return "<h4>Output, exit, leftovers</h4>\n\(table)"
  }

  /// Lists of events, row by row.
  private func observationRows(_ name: String, _ left: Observation?, _ right: Observation?, _ likeness: Likeness)
    -> [HTML]
  {
    let rows = SideBySide(left?.lines ?? [], right?.lines ?? [])
    if rows.rows.isEmpty { return [row(name, "nothing", "nothing", .both)] }
    return rows.rows.map { row in
      switch row {
      case .both(let text): self.row(name, "\(text)", "\(text)", .both)
      case .differing(let left, let right): self.row(name, "\(left ?? "nothing")", "\(right ?? "nothing")", likeness)
      case .skipped(let count): self.row(name, "\(count) more", "the same", .both)
      }
    }
  }

  /// The relation of the two sides of a row.
  private enum Likeness: String {
    case both, differs, noise

    var sign: HTML {
      switch self {
      case .both: .nothing
      case .differs: " <span class=\"sign\" aria-hidden=\"true\">≠</span><span class=\"unseen\">differs</span>"
      case .noise: " <span aria-hidden=\"true\">≈</span><span class=\"unseen\">varies, and is masked</span>"
      }
    }
  }

  /// A differing row is a difference if the channel has one; otherwise it is masked noise.
  private func likeness(of channel: Channel) -> Likeness {
    cells.contains { $0.channel == channel && $0.finding.difference != nil } ? .differs : .noise
  }

  private func row(_ name: String, _ left: HTML, _ right: HTML, _ likeness: Likeness) -> HTML {
    """
    <tr class="\(likeness.rawValue)"><th scope="row">\(name)\(likeness.sign)</th><td>\(left)</td><td>\(right)</td></tr>

    """
  }

  private static func table(_ caption: String, _ rows: [HTML]) -> HTML {
    """
    <div class="wide"><table class="sides"><caption class="unseen">\(caption)</caption>
    <thead><tr><th scope="col">item</th><th scope="col">left</th><th scope="col">right</th></tr></thead>
    <tbody>
    \(rows)</tbody></table></div>

    """
  }

  private var masksHTML: HTML {
    let rows: [HTML] = cells.flatMap { cell -> [HTML] in
      guard case .same(let masks) = cell.finding else { return [] }
      return masks.map { mask in
        """
        <tr><th scope="row">\(mask.name) in \(cell.channel.rawValue) · \(mask.observation)\(mask.note.map { ": \($0)" } ?? "")</th><td><code>\(mask.after.suffixed(Limits.context))</code></td>\
        <td><code>\(mask.left.prefix(Limits.values).joined(separator: " · "))</code></td><td><code>\(mask.right.prefix(Limits.values).joined(separator: " · "))</code></td></tr>

        """
      }
    }
    if rows.isEmpty { return .nothing }
    return """
      <h4>Masks</h4>
      <div class="wide"><table class="masks"><caption>Text that varies is not compared.</caption>
      <thead><tr><th scope="col">location</th><th scope="col">after</th><th scope="col">left</th><th scope="col">right</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></div>

      """
  }
}

extension Observation {
  /// Events, each with its bytes, such as the number that a call moved.
  fileprivate var lines: [String] {
    fragments.reduce(into: []) { lines, fragment in
      switch fragment {
      case .mark(let text, _): lines.append(text)
      case .bytes(let bytes) where lines.isEmpty: lines.append(visible(bytes.prefix(Limits.excerpt)))
      case .bytes(let bytes): lines[lines.count - 1] += " \(visible(bytes.prefix(Limits.excerpt)))"
      }
    }
  }
}

extension Difference {
  /// The position of a difference, and its note.
  var position: String {
    let unit = offset == 1 ? "byte" : "bytes"
    return (offset > 0 ? ", after \(offset) \(unit)" : "") + (note.map { " (\($0))" } ?? "")
  }
}
