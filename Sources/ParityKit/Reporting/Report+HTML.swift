extension Report {
  /// One HTML page that loads nothing and contains no script.
  public var html: String {
    HTML.page(
      "\(verdict.name): \(left.name) and \(right.name)", header: head,
      main: """
        \(gridHTML)\(groupsHTML)\(staleHTML)
        <section aria-labelledby="scenarios"><h2 id="scenarios">Scenarios</h2>
        \(zip(0..., judgements).map { $1.html($0, replay: replayHTML($1)) })</section>
        """)
  }

  private var head: HTML {
    let title =
      switch verdict {
      case .same: "The programs behave the same"
      case .different: "The programs differ"
      case .notJudged: "The programs could not be judged"
      }
    let count = judgements.count { $0.verdict == .same }
    let compared = judged.isEmpty ? "nothing" : judged.map(\.rawValue).joined(separator: ", ")
    let others = unjudged.map { channel, reason in
      "<dt>Not judged</dt><dd>\(channel.rawValue)\(reason.map { ": \($0)" } ?? "")</dd>\n" as HTML
    }
    return """
      <header class="\(verdict.kind)"><p class="eyebrow">parity</p>
      <h1>\(verdict.sign) \(title)</h1>
      <dl>
      <dt>Left</dt><dd><code>\(left.description)</code></dd>
      <dt>Right</dt><dd><code>\(right.description)</code></dd>
      <dt>Same</dt><dd>\(count) of \(judgements.count) scenarios, in \(time.tenths) seconds</dd>
      <dt>Compared</dt><dd>\(compared)</dd>
      \(others)</dl></header>
      """
  }

  // MARK: The grid

  private var gridHTML: HTML {
    let columns = channels.map { "<th scope=\"col\">\($0.rawValue)</th>" as HTML }
    let rows = zip(0..., judgements).map { number, judgement -> HTML in
      let cells = judgement.cells.map { cell -> HTML in
        let word: HTML =
          cell.finding.difference == nil
          ? cell.finding.gridHTML : "<a href=\"#s\(number)\">\(cell.finding.gridHTML)</a>"
        return "<td class=\"\(cell.finding.kind)\">\(word)</td>"
      }
      return "<tr><th scope=\"row\"><a href=\"#s\(number)\">\(judgement.scenario.name)</a></th>\(cells)</tr>\n"
    }
    return .grid(
      caption: "What each channel of each scenario comes to", corner: "scenario", columns: columns, rows: rows,
      legend: """
        <span class="masked">✓ same*</span>: but for what varies within both sides, which is masked.
        cost: processor time, left and right.
        """)
  }

  // MARK: Where the sides part

  private var groupsHTML: HTML {
    let groups = groups.map { group -> HTML in
      let trace = group.difference.trace == group.channel.rawValue ? "" : " · \(group.difference.trace)"
      let names = group.scenarios.map { number in
        "<li><a href=\"#s\(number)\">\(judgements[number].scenario.name)</a></li>" as HTML
      }
      return """
        <article class="\(group.finding.kind)"><h3><span class="sign">\(group.finding.sign)</span> \(group.channel.rawValue)\(trace) \
        \(group.finding.phrase)\(group.difference.place)</h3>
        \(InlineDiff.table(group.difference))<ul class="names" aria-label="Scenarios in which it does">\(names)</ul></article>

        """
    }
    let troubles = judgements.flatMap(\.troubles).distinct.map { trouble -> HTML in
      let names = judgements.filter { $0.troubles.contains(trouble) }.map(\.scenario.name)
      let others = names.count > 1 ? " and \(names.count - 1) more" : ""
      return "<p class=\"trouble\">\(names[0])\(others): \(trouble)</p>\n"
    }
    if groups.isEmpty && troubles.isEmpty { return .nothing }
    return """
      <section aria-labelledby="parting"><h2 id="parting">Where the sides part</h2>
      \(troubles)\(groups)</section>

      """
  }

  private var staleHTML: HTML {
    if stale.isEmpty { return .nothing }
    let rows = stale.map { allowance in
      "<li><code>\(allowance.pattern)</code> (\(allowance.channel.rawValue)): \(allowance.reason)</li>\n" as HTML
    }
    return """
      <section aria-labelledby="stale"><h2 id="stale">Masks to remove</h2>
      <p>These accept what no longer happens.</p><ul>
      \(rows)</ul></section>

      """
  }

  private func replayHTML(_ judgement: ScenarioResult) -> HTML {
    """
    <h4>To see it again</h4>
    \(judgement.replay.map { "<pre tabindex=\"0\"><code>\($0)</code></pre>" as HTML } ?? "")
    <details><summary>The scenario as YAML</summary><pre tabindex="0"><code>\(judgement.scenario.yaml)</code></pre></details>
    """
  }
}
