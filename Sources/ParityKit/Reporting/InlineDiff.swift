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
    return all.map { units in
      let middle = units[head..<(units.count - tail)].joined()
      let mark: HTML = middle.isEmpty ? "<mark class=\"none\">nothing</mark>" : "<mark>\(middle)</mark>"
      return "\(units[..<head].joined())\(mark)\(units.suffix(tail).joined())"
    }
  }

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
        "<code>\(difference.before)\(text)\(difference.after)</code>" as HTML
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
    let texts = left == right ? shown.map { "\($0)" as HTML } : marked(shown)
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
