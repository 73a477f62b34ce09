internal import Formats

extension VoteReport {
  /// One HTML page that loads nothing and contains no script.
  public var html: String {
    HTML.page("\(verdict.name): \(programs.count) programs", header: head, main: "\(gridHTML)\(divisionsHTML)")
  }

  private var head: HTML {
    let title =
      switch verdict {
      case .same: "All programs behave the same"
      case .different: "The programs differ"
      case .notJudged, .varies: "The programs could not be judged"
      }
    let terms = zip(programs.indices, programs).map { index, program in
      "<dt>\(Self.name(index))</dt><dd><code>\(program.description)</code>, alone in \(alone[index]) scenarios</dd>\n"
        as HTML
    }
    let troubles = troubles.map { "<p class=\"trouble\">\($0)</p>\n" as HTML }
    return """
      <header class="\(verdict.kind)"><p class="eyebrow">parity vote</p>
      <h1>\(verdict.sign) \(title)</h1>
      <dl>
      \(terms)<dt>Same</dt><dd>\(results.count { $0.verdict == .same }) of \(results.count) scenarios, in \(time.tenths) \
      seconds</dd>
      <dt>Compared</dt><dd>\(channels.map(\.rawValue).joined(separator: ", "))</dd>
      </dl>
      \(troubles)</header>
      """
  }

  private var gridHTML: HTML {
    let columns = programs.indices.map { "<th scope=\"col\">\(Self.name($0))</th>" as HTML }
    let rows = results.map { result -> HTML in
      let cells = programs.indices.map { program -> HTML in
        let word = result.word(program)
        let (kind, sign) =
          switch word {
          case "same": ("same", "✓")
          case "?": ("hung", "?")
          default: ("different", "✗")
          }
        return
          "<td class=\"\(kind)\" data-label=\"\(Self.name(program))\">\(sign) \(word == "?" ? "not judged" : word)</td>"
      }
      let channels: HTML = "<td data-label=\"channels\">\(result.channelNames)</td>"
      return "<tr><th scope=\"row\">\(result.scenario.name)</th>\(cells)\(channels)</tr>\n"
    }
    return .grid(
      caption: "Each program in each scenario", corner: "scenario", columns: columns + ["<th scope=\"col\">in</th>"],
      rows: rows, legend: "A program is alone if no other one behaves like it, while at least two others are the same.")
  }

  private var divisionsHTML: HTML {
    let articles = divisions.map { division -> HTML in
      let kind: Verdict = division.split.verdict
      let tables = division.pairs.map { pair, difference in
        InlineDiff.table(difference, sides: (Self.name(pair.first), Self.name(pair.second)))
      }
      let names = division.scenarios.map { "<li>\($0)</li>" as HTML }
      return """
        <article class="\(kind.kind)"><h3><span class="sign">\(kind.mark)</span> \(division.headline)</h3>
        \(tables)<ul class="names" aria-label="Scenarios with this difference">\(names)</ul></article>

        """
    }
    if articles.isEmpty { return .nothing }
    return """
      <section aria-labelledby="differences"><h2 id="differences">Differences</h2>
      \(articles)</section>

      """
  }
}
