extension Report {
  /// The report for programs.
  public func json(site: Site = Site()) -> String {
    let files = inputs.map { input in
      JSONText.object([
        ("name", .text(input.name)), ("lines", .number(input.lines)),
        ("error", input.error.map { .text($0.why) } ?? .null),
      ])
    }
    let fates = Fate.allCases.map { ($0.word, JSONText.number(count($0))) }
    let efforts = Effort.allCases.map { ($0.rawValue, JSONText.number(count($0))) }
    let summary = JSONText.object([
      ("idioms", .number(findings.count)), ("places", .number(placeCount)), ("fates", .object(fates)),
      ("efforts", .object(efforts)), ("withoutPage", .number(unshown)),
    ])
    return JSONText.object([
      ("format", .number(1)), ("files", .list(files)), ("idioms", .list(findings.map { Self.json($0, site) })),
      ("summary", summary),
    ]).printed() + "\n"
  }

  private static func json(_ finding: Finding, _ site: Site) -> JSONText {
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

/// JSON to print.
indirect enum JSONText {
  case text(String)
  case number(Int)
  case list([JSONText])
  /// The fields in order.
  case object([(String, JSONText)])
  case null

  func printed(_ indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .text(let text): return Self.quoted(text)
    case .number(let number): return String(number)
    case .null: return "null"
    case .list(let values):
      if values.isEmpty { return "[]" }
      return "[\n" + values.map { inner + $0.printed(inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let fields):
      let rows = fields.map { "\(inner)\(Self.quoted($0.0)): \($0.1.printed(inner))" }
      return "{\n" + rows.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
