/// What a channel observed, in an order that can be aligned with another run.
struct Observation: Hashable {
  enum Fragment: Hashable {
    case bytes([UInt8])
    /// An event. `isLate` marks an event that means that the time was over.
    case mark(String, isLate: Bool = false)

    static func == (first: Fragment, second: Fragment) -> Bool {
      switch (first, second) {
      case (.bytes(let first), .bytes(let second)): System.areEqual(first, second)
      case (.mark(let first, let isLate), .mark(let second, let isAlsoLate)):
        first == second && isLate == isAlsoLate
      default: false
      }
    }
  }

  /// The name within the channel, such as a connection or standard error.
  let name: String
  var fragments: [Fragment]
}

/// The unit of comparison: a word, a single other byte, or a mark.
enum Token: Hashable {
  case text(ArraySlice<UInt8>)
  case mark(String, isLate: Bool)

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

  var byteCount: Int {
    if case .text(let bytes) = self { bytes.count } else { 0 }
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
  /// Splits into at most this many tokens; the rest becomes one.
  static func list(_ fragments: ArraySlice<Observation.Fragment>, atMost limit: Int = Limits.tokens) -> [Token] {
    var tokens: [Token] = []
    for fragment in fragments {
      switch fragment {
      case .mark(let text, let isLate): tokens.append(.mark(text, isLate: isLate))
      case .bytes(let bytes):
        var rest = bytes[...]
        while let first = rest.first {
          let word = isWord(first) ? rest.prefix(while: isWord) : rest.prefix(1)
          tokens.append(.text(tokens.count < limit ? word : rest))
          rest = rest.dropFirst(tokens.count <= limit ? word.count : rest.count)
        }
      }
    }
    return tokens
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: byte >= 0x80
    }
  }
}
