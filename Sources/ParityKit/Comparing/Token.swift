/// The unit of comparison: a line, a word, a single other byte, or a mark.
enum Token: Hashable {
  case text(ArraySlice<UInt8>)
  /// An event. `isLate` is not compared.
  case mark(String, isLate: Bool = false)

  static func == (first: Token, second: Token) -> Bool {
    switch (first, second) {
    case (.text(let first), .text(let second)): first == second
    case (.mark(let first, _), .mark(let second, _)): first == second
    default: false
    }
  }

  func hash(into hasher: inout Hasher) {
    switch self {
    case .text(let bytes): hasher.combine(bytes)
    case .mark(let text, _): hasher.combine(text)
    }
  }

  var isMark: Bool {
    if case .mark = self { true } else { false }
  }

  var isLate: Bool {
    if case .mark(_, let isLate) = self { isLate } else { false }
  }

  /// Whether the token contains a digit.
  var isNumber: Bool {
    if case .text(let bytes) = self { bytes.contains { (0x30...0x39).contains($0) } } else { false }
  }

  var byteCount: Int { bytes.count }

  /// The bytes of text; empty for a mark.
  var bytes: ArraySlice<UInt8> {
    if case .text(let bytes) = self { bytes } else { [] }
  }

  /// The text in a report.
  var shown: String {
    switch self {
    case .text(let bytes): visible(bytes)
    case .mark(let text, _): "⟨\(text)⟩"
    }
  }
}

extension Token {
  /// The lines of a run, each with its end. A long line is cut.
  static func lines(_ fragments: [Observation.Fragment]) -> [Token] {
    var lines: [Token] = []
    for fragment in fragments {
      switch fragment {
      case .mark(let text, let isLate): lines.append(.mark(text, isLate: isLate))
      case .bytes(let bytes):
        var rest = bytes[...]
        while !rest.isEmpty {
          let line = rest.prefix(Limits.line)
          let end = line.firstIndex(of: 10).map { $0 + 1 } ?? line.endIndex
          lines.append(.text(rest[..<end]))
          rest = rest[end...]
        }
      }
    }
    return lines
  }

  /// The words of lines, and the single bytes between them.
  static func words(_ lines: [Token]) -> [Token] {
    var words: [Token] = []
    for line in lines {
      guard case .text(let bytes) = line else {
        words.append(line)
        continue
      }
      var rest = bytes
      while let first = rest.first {
        let word = isWord(first) ? rest.prefix(while: isWord) : rest.prefix(1)
        words.append(.text(word))
        rest = rest[word.endIndex...]
      }
    }
    return words
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: byte >= 0x80
    }
  }
}
