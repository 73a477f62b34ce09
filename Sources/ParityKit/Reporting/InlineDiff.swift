internal import Formats

/// Texts at the same position, side by side, with the differing parts marked.
enum InlineDiff {
  /// The texts without the common beginning and end, which are outside the mark.
  static func marked(_ texts: [String]) -> [HTML] {
    let all = texts.map(units)
    let shortest = all.map(\.count).min() ?? 0
    var (head, tail) = (0, 0)
    while head < shortest, all.allSatisfy({ $0[head] == all[0][head] }) { head += 1 }
    while tail < shortest - head, all.allSatisfy({ $0[$0.count - 1 - tail] == all[0][all[0].count - 1 - tail] }) {
      tail += 1
    }
    let middles = middles(all.map { Array($0[head..<($0.count - tail)]) })
    return zip(all, middles).map { units, middle in
      "\(inLines(units[..<head].joined()))\(middle)\(inLines(units.suffix(tail).joined()).trimmedEnd)"
    }
  }

  /// The parts between the common beginning and end. In two texts that share more, only what differs is marked.
  private static func middles(_ texts: [[Substring]]) -> [HTML] {
    func mark(_ text: String) -> HTML {
      text.isEmpty ? "<mark class=\"none\">nothing</mark>" : "<mark>\(inLines(text))</mark>"
    }
    let whole = texts.map { mark($0.joined()) }
    guard texts.count == 2, texts.allSatisfy({ (1...Limits.excerpt * 2).contains($0.count) }) else { return whole }
    // A few units that are equal by chance do not divide a mark.
    var stretches: [[[Int]]] = []
    for anchor in CommonSubsequence.anchors(texts) {
      if let last = stretches.last?.last, anchor == last.map({ $0 + 1 }) {
        stretches[stretches.count - 1].append(anchor)
      } else {
        stretches.append([anchor])
      }
    }
    let kept = stretches.filter { $0.count >= Limits.contextRows }.joined()
    if kept.isEmpty { return whole }
    return texts.indices.map { side in
      var (html, from) = ([HTML](), 0)
      for anchor in kept.map({ $0[side] }) + [texts[side].count] {
        if anchor > from { html.append(mark(texts[side][from..<anchor].joined())) }
        if anchor < texts[side].count { html.append("\(inLines(String(texts[side][anchor])))") }
        from = anchor + 1
      }
      return "\(html)"
    }
  }

  /// Breaks a text where the program ended a line.
  static func inLines(_ text: String) -> String { text.replacing("\\n", with: "\\n\n") }

  /// The unit that is never split: a character, an escape such as `\x1b`, or an event such as `⟨end⟩`.
  private static func units(_ text: String) -> [Substring] {
    var (units, rest) = ([Substring](), text[...])
    while let first = rest.first {
      let length =
        switch first {
        case "\\": rest.dropFirst().first == "x" ? 4 : 2
        case "⟨": rest.firstIndex(of: "⟩").map { rest.distance(from: rest.startIndex, to: $0) + 1 } ?? 1
        default: 1
        }
      units.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return units
  }

  /// The first difference, with both sides aligned; the values of a side that varies.
  static func table(_ difference: Difference, sides: (String, String) = ("left", "right")) -> HTML {
    let (left, right) = (values(difference.left), values(difference.right))
    let texts = marked(left + right)
    func row(_ side: String, _ texts: ArraySlice<HTML>) -> HTML {
      let values = texts.map { text in
        "<code>\(inLines(difference.before))\(text)\(inLines(difference.after))</code>" as HTML
      }
      return "<tr><th scope=\"row\">\(side)</th><td>\(values)</td></tr>\n"
    }
    return """
      <table class="excerpt"><caption class="unseen">Both sides, aligned</caption><tbody>
      \(row(sides.0, texts[..<left.count]))\(row(sides.1, texts[left.count...]))</tbody></table>

      """
  }

  /// Some values of a side that varies.
  private static func values(_ runs: [String]) -> [String] { Array(runs.distinct.prefix(Limits.values)) }

  /// Bytes of each side: equal ones once, others from shortly before the difference.
  static func bytes(_ left: [UInt8], _ right: [UInt8]) -> [HTML] {
    let same = zip(left, right).prefix { $0.0 == $0.1 }.count
    let skipped = left == right ? 0 : max(0, same - Limits.context)
    let shown = [left, right].map { visible($0[skipped...].prefix(Limits.excerpt)) }
    let texts = left == right ? shown.map { "\(inLines($0).trimmedEnd)" as HTML } : marked(shown)
    return zip(texts, [left, right]).map { text, bytes in
      let isCut = bytes.count > skipped + Limits.excerpt
      return "<code>\(skipped > 0 ? "…" : "")\(text)\(isCut ? "…" : "")</code> <small>\(size(bytes))</small>"
    }
  }

  private static func size(_ bytes: [UInt8]) -> String {
    switch bytes.count {
    case 1: "1 byte"
    case Limits.kept...: "\(Limits.kept) bytes or more"
    case let count: "\(count) bytes"
    }
  }
}

extension String {
  /// Without an empty last line.
  fileprivate var trimmedEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
