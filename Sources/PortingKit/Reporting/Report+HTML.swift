internal import Formats

extension Report {
  /// The report as one page, which loads nothing and contains no script.
  public func html(site: Site = Site()) -> String {
    let names = inputs.filter { $0.error == nil }.map(\.name)
    let title = names.count == 1 ? names[0] : Self.plural(names.count, "file")
    let groups = Fate.allCases.map { group($0, site) }
    return HTML.page(
      title, program: "porting-check", style: Self.style,
      body: """
        <header><p>porting-check</p><h1>\(title)</h1>
        <p>\(size)<br>\(fates)<br>effort: \(efforts)</p></header>
        <main>
        \(problems)\(groups)</main>
        """)
  }

  private var problems: HTML {
    if isComplete { return "" }
    let items = errors.map { "<pre>\($0.description)</pre>\n" as HTML }
    return "<section><h2>Not read</h2>\n\(items)</section>\n"
  }

  private func group(_ fate: Fate, _ site: Site) -> HTML {
    let group = findings.filter { $0.rule.fate == fate }
    if group.isEmpty { return "" }
    let rows = group.map { Self.row($0, site) }
    return """
      <section class="\(fate.word)"><h2>\(fate.text.prefix(1).uppercased())\(String(fate.text.dropFirst()))</h2>
      <table><thead><tr><th scope="col">Idiom</th><th scope="col">Effort</th><th scope="col">Places</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></section>

      """
  }

  private static func row(_ finding: Finding, _ site: Site) -> HTML {
    let rule = finding.rule
    let places = finding.places.map { "<li><code>\($0.file):\($0.line)</code></li>" as HTML }
    let isOpen = finding.places.count <= shownPlaces ? " open" : ""
    return """
      <tr><th scope="row">\(rule.title)<p>\(rule.note)</p>\(link(rule, site))</th>
      <td>\(rule.effort.text)</td>
      <td><details\(isOpen)><summary>\(plural(finding.places.count, "place"))</summary><ul>\(places)</ul></details></td></tr>

      """
  }

  private static func link(_ rule: Rule, _ site: Site) -> HTML {
    guard let page = rule.page else { return "<p>No page of the reference shows it.</p>" }
    let place = site.place(of: page)
    return site.address == nil ? "<p><code>\(place)</code></p>" : "<p><a href=\"\(place)\">\(page)</a></p>"
  }

  private static let style: HTML = """
    :root { color-scheme: light dark; --paper: #fcfcfb; --ink: #1c2024; --muted: #59626c; --line: #d8dcdf;
      --good: #1b6b40; --bad: #a92318; --warn: #7a4f00; --link: #0a559e; }
    @media (prefers-color-scheme: dark) { :root { --paper: #131619; --ink: #e4e7ea; --muted: #9ba5af; --line: #30363d;
      --good: #74cf9b; --bad: #ff9d90; --warn: #ecc273; --link: #8bc0f6; } }
    body { margin: 0 auto; max-width: 72rem; padding: 1rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, sans-serif; }
    header p, th p, thead th { color: var(--muted); font-weight: 400; } h1 { margin: 0; } h2 { margin: 2rem 0 .5rem; }
    .wrong h2 { color: var(--bad); } .refused h2, .shim h2 { color: var(--warn); } .as-is h2 { color: var(--good); }
    table { border-collapse: collapse; width: 100%; table-layout: fixed; }
    th, td { text-align: left; vertical-align: top; padding: .5rem 1rem .5rem 0; border-bottom: 1px solid var(--line);
      overflow-wrap: anywhere; }
    th:first-child { width: 50%; } th p { margin: .125rem 0; font-size: .9375rem; } a { color: var(--link); }
    ul { list-style: none; margin: 0; padding: 0; columns: 12rem; } summary { cursor: pointer; }
    code, pre { font-family: ui-monospace, monospace; font-size: .875em; } pre { white-space: pre-wrap; }
    @media (max-width: 40rem) { thead { display: none; } tr, th, td { display: block; width: auto !important; border: 0; } }

    """
}
