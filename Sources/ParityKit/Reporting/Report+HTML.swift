internal import Formats

extension Report {
  /// One HTML page that loads nothing and contains no script.
  public var html: String {
    HTML.page(
      "\(verdict.name): \(titlesInALine)", header: head,
      main: """
        \(headlinesHTML)\(gridHTML)\(groupsHTML)\(staleHTML)
        <section aria-labelledby="scenarios"><h2 id="scenarios">Scenarios</h2>
        \(zip(0..., results).map { $1.html($0, replay: replayHTML($1)) })</section>
        """)
  }

  private var head: HTML {
    let title =
      switch verdict {
      case .same: "The programs behave the same"
      case .different: "The programs differ"
      case .notJudged: "The programs could not be judged"
      case .varies: "The programs vary from run to run"
      }
    let count = results.count { $0.verdict == .same }
    let compared = judged.isEmpty ? "nothing" : judged.map(\.rawValue).joined(separator: ", ")
    let others = unjudged.map { channel, reason in
      "<dt>Not judged</dt><dd>\(channel.rawValue)\(reason.map { ": \($0)" } ?? "")</dd>\n" as HTML
    }
    return """
      <header class="\(verdict.kind)"><p class="eyebrow">parity</p>
      <h1>\(verdict.sign) \(title)</h1>
      <dl>
      <dt>Left</dt><dd><code>\(left.title)</code></dd>
      <dt>Right</dt><dd><code>\(right.title)</code></dd>
      <dt>Same</dt><dd>\(count) of \(results.count) scenarios, in \(time.tenths) seconds</dd>
      <dt>Compared</dt><dd>\(compared)</dd>
      \(notes.map { "<dt>Note</dt><dd>\($0)</dd>\n" as HTML })\
      \(noiseLine.map { "<dt>Runs</dt><dd>\($0)</dd>\n" as HTML } ?? .nothing)\(others)</dl></header>
      """
  }

  private var headlinesHTML: HTML {
    let lines = headlines + footnotes
    if lines.isEmpty { return .nothing }
    return """
      <section aria-labelledby="findings"><h2 id="findings">Findings</h2>
      <ul class="findings">\(lines.map { "<li>\($0)</li>\n" as HTML })</ul></section>

      """
  }

  // MARK: The grid

  private var gridHTML: HTML {
    let columns = channels.map { "<th scope=\"col\">\($0.rawValue)</th>" as HTML }
    let rows = zip(0..., results).map { number, result -> HTML in
      let cells = result.cells.map { cell -> HTML in
        let word: HTML =
          cell.finding.difference == nil
          ? cell.finding.gridHTML : "<a href=\"#s\(number)\">\(cell.finding.gridHTML)</a>"
        return "<td class=\"\(cell.finding.kind)\" data-label=\"\(cell.channel.rawValue)\">\(word)</td>"
      }
      return "<tr><th scope=\"row\"><a href=\"#s\(number)\">\(result.scenario.name)</a></th>\(cells)</tr>\n"
    }
    return .grid(
      caption: "The result of each channel in each scenario", corner: "scenario", columns: columns, rows: rows,
      legend: """
        <span class="masked">✓ same*</span>: equal except for text that varies, which is masked.
        cost: processor time, left and right.
        """)
  }

  // MARK: Differences

  private var groupsHTML: HTML {
    let groups = groups.map { group -> HTML in
      let names = group.scenarios.map { number in
        "<li><a href=\"#s\(number)\">\(results[number].scenario.name)</a></li>" as HTML
      }
      return """
        <article class="\(group.finding.kind)"><h3><span class="sign">\(group.finding.sign)</span> \(group.title) \
        \(group.finding.phrase)\(group.difference.position)</h3>
        \(InlineDiff.table(group.difference))<ul class="names" aria-label="Scenarios with this difference">\(names)</ul></article>

        """
    }
    let troubles = results.flatMap(\.troubles).distinct.map { trouble -> HTML in
      let names = results.filter { $0.troubles.contains(trouble) }.map(\.scenario.name)
      let others = names.count > 1 ? " and \(names.count - 1) more" : ""
      return "<p class=\"trouble\">\(names[0])\(others): \(trouble)</p>\n"
    }
    if groups.isEmpty && troubles.isEmpty { return .nothing }
    return """
      <section aria-labelledby="differences"><h2 id="differences">Differences</h2>
      \(troubles)\(groups)</section>

      """
  }

  private var staleHTML: HTML {
    if stale.isEmpty { return .nothing }
    let rows = stale.map { rule in
      "<li><code>\(rule.pattern)</code> (\(rule.channel.rawValue)): \(rule.reason)</li>\n" as HTML
    }
    return """
      <section aria-labelledby="stale"><h2 id="stale">Masks to remove</h2>
      <p>These rules applied to no run.</p><ul>
      \(rows)</ul></section>

      """
  }

  private func replayHTML(_ result: ScenarioResult) -> HTML {
    """
    <h4>Replay</h4>
    \(result.replay.map { "<pre tabindex=\"0\"><code>\($0)</code></pre>" as HTML } ?? "")
    <details><summary>The scenario as YAML</summary><pre tabindex="0"><code>\(result.scenario.yaml)</code></pre></details>
    """
  }
}
