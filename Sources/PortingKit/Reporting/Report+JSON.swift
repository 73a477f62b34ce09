internal import Formats

extension Report {
  /// The report for programs.
  public func json(site: Site = Site()) -> String {
    let files = inputs.map { input in
      JSON.object([
        ("name", .text(input.name)), ("lines", .number(input.lines)),
        ("error", input.error.map { .text($0.why) } ?? .null),
      ])
    }
    let fates = Fate.allCases.map { ($0.word, JSON.number(count($0))) }
    let efforts = Effort.allCases.map { ($0.rawValue, JSON.number(count($0))) }
    let summary = JSON.object([
      ("idioms", .number(findings.count)), ("places", .number(placeCount)), ("fates", .object(fates)),
      ("efforts", .object(efforts)), ("withoutPage", .number(unshown)),
    ])
    return JSON.object([
      ("format", .number(1)), ("files", .list(files)), ("idioms", .list(findings.map { Self.json($0, site) })),
      ("summary", summary),
    ]).printed() + "\n"
  }

  private static func json(_ finding: Finding, _ site: Site) -> JSON {
    let rule = finding.rule
    return .object([
      ("title", .text(rule.title)), ("idiom", rule.idiom.map { .text($0) } ?? .null), ("fate", .text(rule.fate.word)),
      ("effort", .text(rule.effort.rawValue)), ("note", .text(rule.note)),
      ("page", rule.page.map { .text(site.place(of: $0)) } ?? .null),
      (
        "places",
        .list(finding.places.map { .object([("file", .text($0.file)), ("line", .number($0.line))]) })
      ),
    ])
  }
}
