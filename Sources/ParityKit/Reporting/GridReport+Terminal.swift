internal import Formats

extension GridReport {
  /// The grid and the differences, for a terminal.
  public func text(colour: Bool = false) -> String {
    let style = TerminalStyle(isOn: colour)
    let (rows, columns) = labels
    let width = (rows + columns).map(\.count).max() ?? 0
    var lines = ["servers"] + zip(rows, servers).map { "  \($0.padded(width))  \($1.inALine)" }
    lines += ["clients"] + zip(columns, clients).map { "  \($0.padded(width))  \($1.inALine)" }
    lines += ["input", "  \(input.summary)", ""]
    let widths = columns.map { max($0.count, 6) + 2 }
    lines.append(line("server \\ client".padded(max(width, 15) + 2), zip(columns, widths).map { $0.padded($1) }))
    for (server, row) in rows.enumerated() {
      let own = cells.filter { $0.server == server }
      let words = zip(own, widths).map { style.shade($0.word.padded($1), $0.verdict) }
      lines.append(line(row.padded(max(width, 15) + 2), words))
    }
    lines += details(style) + [""]
    let word = style.shade(verdict == .notJudged ? "could not judge" : verdict.name, verdict)
    lines.append("\(word): \(sameCount) of \(cells.count) pairs are the same; \(time.tenths) s")
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ head: String, _ cells: [String]) -> String {
    let line = head + cells.joined()
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  private func details(_ style: TerminalStyle) -> [String] {
    var lines = cells.flatMap { cell in cell.troubles.map { style.yellow("\(name(of: cell)): \($0)") } }
    for group in groups {
      lines += ["", style.shade(group.heading, group.part.finding)] + group.difference.aligned(("first", "here"))
      if group.pairs.count > 1 { lines.append("  the same in \(group.pairs.dropFirst().joined(separator: ", "))") }
    }
    return lines.isEmpty || lines[0].isEmpty ? lines : [""] + lines
  }

  // MARK: Parts

  /// A difference and the pairs that have it.
  struct Group {
    let part: Part
    let difference: Difference
    var pairs: [String]
    var cells: [Int]

    var heading: String { "\(pairs[0]) · \(part.role) · \(difference.observation)\(difference.position)" }
  }

  /// Groups equal differences of several pairs.
  var groups: [Group] {
    var groups: [Group] = []
    for (number, cell) in zip(0..., cells) {
      for part in cell.parts {
        guard let difference = part.finding.difference else { continue }
        let same = groups.firstIndex { $0.part.role == part.role && $0.difference.cause == difference.cause }
        if let same {
          groups[same].pairs.append(name(of: cell))
          groups[same].cells.append(number)
        } else {
          groups.append(Group(part: part, difference: difference, pairs: [name(of: cell)], cells: [number]))
        }
      }
    }
    return groups
  }

  var sameCount: Int { cells.count { $0.verdict == .same } }

  var labels: (servers: [String], clients: [String]) { (Self.labels(servers), Self.labels(clients)) }

  func name(of cell: Cell) -> String { "\(labels.servers[cell.server]) with \(labels.clients[cell.client])" }

  /// The programs' names, with a number if several have the same one.
  private static func labels(_ programs: [Program]) -> [String] {
    programs.indices.map { index in
      let earlier = programs[..<index].count { $0.name == programs[index].name }
      return earlier == 0 ? programs[index].name : "\(programs[index].name) \(earlier + 1)"
    }
  }

  // MARK: For programs

  /// The grid as JSON. Cells refer to servers and clients by index.
  public var json: String {
    let cells = cells.map { cell in
      JSON.object([
        ("server", .number(cell.server)), ("client", .number(cell.client)), ("verdict", .text(cell.verdict.name)),
        ("hung", .flag(cell.hasHung)), ("troubles", .texts(cell.troubles)), ("parts", .list(cell.parts.map(\.json))),
      ])
    }
    return JSON.object([
      ("version", .number(Report.formatVersion)), ("verdict", .text(verdict.name)),
      ("servers", .list(servers.map { .texts($0.words) })), ("clients", .list(clients.map { .texts($0.words) })),
      ("milliseconds", .number(Int(time / .milliseconds(1)))), ("cells", .list(cells)),
    ]).printed() + "\n"
  }
}

extension Program {
  fileprivate var inALine: String { description.replacing("\n", with: "\\n") }
}

extension GridReport.Cell {
  fileprivate var word: String {
    switch verdict {
    case .same: "same"
    case .different: "DIFFER"
    case .notJudged where hasHung: "HUNG"
    case .notJudged: parts.isEmpty ? "–" : "PARTLY"
    case .varies: "VARIES"
    }
  }
}

extension GridReport.Part {
  fileprivate var json: JSON {
    .object([
      ("who", .text(role)), ("verdict", .text(finding.verdict.name)),
      ("difference", finding.difference.map(\.json) ?? .null),
    ])
  }
}

extension TerminalStyle {
  fileprivate func shade(_ text: String, _ verdict: Verdict) -> String {
    switch verdict {
    case .same: green(text)
    case .different: red(text)
    case .notJudged, .varies: yellow(text)
    }
  }
}
