/// A value that a step takes from what it receives. Later payloads name it as `${name}`. Each run has its own value.
public struct Capture: Hashable, Sendable {
  public var name: String
  /// A regular expression with one group, which is the value.
  public var regex: String

  public init(_ name: String, _ regex: String) { (self.name, self.regex) = (name, regex) }

  /// What is wrong with the name, or with the expression; nil if nothing is.
  var problem: String? {
    Self.isName(name)
      ? BytePattern.problem(regex, isCapture: true) : "\"\(name)\" is not a name: it has letters and digits"
  }

  static func isName(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
  }
}

/// The values that a run has captured, by name.
struct CapturedValues {
  private(set) var values: [String: [UInt8]] = [:]

  /// Takes values from received bytes. Returns the names that nothing matched: their values are empty.
  mutating func take(_ captures: [Capture], from bytes: [UInt8]) throws(BytePattern.TooSlow) -> [String] {
    var missing: [String] = []
    for capture in captures {
      let group = try BytePattern(text: capture.regex).firstMatch(in: bytes)?.group
      values[capture.name] = group.map { Array(bytes[$0]) } ?? []
      if group == nil { missing.append(capture.name) }
    }
    return missing
  }
}

/// A text in which a captured value replaces `${name}`, and `${` replaces `$${`.
struct Template: Hashable, Sendable {
  enum Part: Hashable, Sendable {
    case text(String)
    case name(String)
  }

  let parts: [Part]
  var names: [String] { parts.compactMap { if case .name(let name) = $0 { name } else { nil } } }

  /// Nil if a `${` has no name and closing brace.
  init?(_ text: String) {
    var (parts, plain, rest) = ([Part](), "", text[...])
    while let dollar = rest.firstIndex(of: "$") {
      plain += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        plain += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        let name = rest.dropFirst(2).prefix { $0 != "}" }
        guard Capture.isName(name), name.endIndex < rest.endIndex else { return nil }
        parts += [.text(plain), .name(String(name))]
        (plain, rest) = ("", rest[name.endIndex...].dropFirst())
      } else {
        plain += "$"
        rest = rest.dropFirst()
      }
    }
    self.parts = (parts + [.text(plain + rest)]).filter { $0 != .text("") }
  }

  /// A value that was not captured is empty.
  func filled(_ values: [String: [UInt8]]) -> [UInt8] {
    parts.flatMap { part in
      switch part {
      case .text(let text): Array(text.utf8)
      case .name(let name): values[name] ?? []
      }
    }
  }
}
