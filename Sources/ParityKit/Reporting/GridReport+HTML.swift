internal import Formats

extension GridReport {
  /// One HTML page that loads nothing and contains no script.
  public var html: String {
    HTML.page(
      "\(verdict.name): \(servers.count) by \(clients.count) pairs", header: head, main: "\(gridHTML)\(groupsHTML)")
  }

  private var head: HTML {
    let title =
      switch verdict {
      case .same: "Every pair behaves the same"
      case .different: "Pairs differ"
      case .notJudged: "Not every pair could be judged"
      case .varies: "Pairs vary from run to run"
      }
    func terms(_ labels: [String], _ programs: [Program]) -> [HTML] {
      zip(labels, programs).map { "<dt>\($0)</dt><dd><code>\($1.description)</code></dd>\n" }
    }
    return """
      <header class="\(verdict.kind)"><p class="eyebrow">parity</p>
      <h1>\(verdict.sign) \(title)</h1>
      <dl>
      <dt>Same</dt><dd>\(sameCount) of \(cells.count) pairs, in \(time.tenths) seconds</dd>
      <dt>Input</dt><dd><code>\(input.summary)</code></dd>
      </dl>
      <h2>Servers</h2>
      <dl>
      \(terms(labels.servers, servers))</dl>
      <h2>Clients</h2>
      <dl>
      \(terms(labels.clients, clients))</dl></header>
      """
  }

  private var gridHTML: HTML {
    let differing = groups
    let columns = labels.clients.map { "<th scope=\"col\">\($0)</th>" as HTML }
    let rows = zip(0..., labels.servers).map { server, label -> HTML in
      let own = zip(0..., cells).filter { $1.server == server }
      let words = own.map { number, cell -> HTML in
        let client = labels.clients[cell.client]
        let word: HTML = "\(cell.verdict.mark) \(cell.phrase)"
        guard let group = differing.firstIndex(where: { $0.cells.contains(number) }) else {
          return "<td class=\"\(cell.verdict.kind)\" data-label=\"\(client)\">\(word)</td>"
        }
        return "<td class=\"\(cell.verdict.kind)\" data-label=\"\(client)\"><a href=\"#d\(group)\">\(word)</a></td>"
      }
      return "<tr><th scope=\"row\">\(label)</th>\(words)</tr>\n"
    }
    return .grid(
      caption: "The result of each server with each client", corner: "server \\ client", columns: columns, rows: rows,
      legend: """
        Standard output is compared with that of the first pair. The exit and the standard error of a program are
        compared with those of the same program and its first partner.
        """)
  }

  private var groupsHTML: HTML {
    let troubles = cells.flatMap { cell in
      cell.troubles.map { "<p class=\"trouble\">\(name(of: cell)): \($0)</p>\n" as HTML }
    }
    let articles = zip(0..., groups).map { number, group -> HTML in
      let others = group.pairs.dropFirst().map { "<li>\($0)</li>" as HTML }
      let names: HTML =
        others.isEmpty
        ? .nothing : "<ul class=\"names\" aria-label=\"Also in these pairs\"><li>also in</li>\(others)</ul>"
      return """
        <article class="\(group.part.finding.kind)" id="d\(number)"><h3><span class="sign">\(group.part.finding.sign)</span> \
        \(group.heading)</h3>
        \(InlineDiff.table(group.difference, sides: ("first", "here")))\
        \(names)</article>

        """
    }
    if troubles.isEmpty && articles.isEmpty { return .nothing }
    return """
      <section aria-labelledby="differences"><h2 id="differences">Differences</h2>
      \(troubles)\(articles)</section>

      """
  }
}

extension GridReport.Cell {
  fileprivate var phrase: String {
    switch verdict {
    case .same: "same"
    case .different: "differs"
    case .notJudged where hasHung: "hung"
    case .notJudged: parts.isEmpty ? "not judged" : "judged partly"
    case .varies: "varies"
    }
  }
}
