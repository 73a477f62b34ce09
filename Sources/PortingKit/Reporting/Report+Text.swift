extension Report {
  /// How many places of an idiom the text shows unless all are wanted.
  public static let shownPlaces = 6

  /// The report for a terminal: the worst first.
  public func text(site: Site = Site(), all: Bool = false) -> String {
    var text = ""
    for fate in Fate.allCases {
      let group = findings.filter { $0.rule.fate == fate }
      if group.isEmpty { continue }
      text += "\(fate.text.uppercased())\n"
      for finding in group { text += Self.text(finding, site, all) + "\n" }
    }
    if findings.isEmpty { return "\(size)\n" }
    return text + "\(size)\n\(fates)\neffort: \(efforts)\n"
  }

  private static func text(_ finding: Finding, _ site: Site, _ all: Bool) -> String {
    let rule = finding.rule
    let count = plural(finding.places.count, "place")
    var lines = ["  \(rule.title): \(count), \(rule.effort.text)", "    \(rule.note)"]
    if let page = rule.page { lines.append("    \(site.place(of: page))") }
    let shown = all ? finding.places[...] : finding.places.prefix(shownPlaces)
    lines += places(shown)
    if shown.count < finding.places.count { lines.append("    and \(finding.places.count - shown.count) more") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A line for each file: `server.c:19, 21, 25`.
  private static func places(_ places: ArraySlice<Position>) -> [String] {
    var lines: [String] = []
    var file: String?
    for place in places {
      if place.file == file {
        lines[lines.count - 1] += ", \(place.line)"
      } else {
        lines.append("    \(place.file):\(place.line)")
        file = place.file
      }
    }
    return lines
  }
}
