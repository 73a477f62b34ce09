/// The text of a Swift or C file, split into its code, its comments and its string literals.
struct SourceText {
  let path: String
  /// One entry for each line: the code, with every comment and string literal left out.
  private(set) var code: [String] = [""]
  /// One entry for each line: the text of the comments.
  private(set) var comments: [String] = [""]

  /// Splits a file of the repository.
  init(path: String) throws { self.init(path: path, text: try Repository.read(path)) }

  init(path: String, text: String) {
    self.path = path
    var rest = Substring(text)
    while let character = rest.first {
      if rest.hasPrefix("//") {
        takeComment(&rest, until: rest.firstIndex(of: "\n") ?? rest.endIndex)
      } else if rest.hasPrefix("/*") {
        takeComment(&rest, until: rest.firstRange(of: "*/")?.upperBound ?? rest.endIndex)
      } else if character == "\"" || (character == "#" && rest.hasPrefix("#\"")) {
        skipString(&rest)
      } else {
        append(character)
        rest.removeFirst()
      }
    }
  }

  /// The words of an identifier: `readSome`, `read_some` and `READ_SOME` are "read" and "some".
  static func words(of identifier: Substring) -> [String] {
    if !identifier.contains(where: \.isLowercase) { return identifier.split(separator: "_").map { $0.lowercased() } }
    var words = [""]
    for character in identifier {
      if character == "_" || character.isUppercase { words.append("") }
      if character != "_" { words[words.count - 1] += character.lowercased() }
    }
    return words.filter { !$0.isEmpty }
  }

  private mutating func append(_ character: Character) {
    if character == "\n" {
      code.append("")
      comments.append("")
    } else {
      code[code.count - 1].append(character)
    }
  }

  private mutating func takeComment(_ rest: inout Substring, until end: Substring.Index) {
    for character in rest[..<end] {
      if character == "\n" { append(character) } else { comments[comments.count - 1].append(character) }
    }
    rest = rest[end...]
  }

  /// Skips a literal, and leaves `""` in the code. What a literal interpolates is not code here.
  private mutating func skipString(_ rest: inout Substring) {
    let pounds = rest.prefix { $0 == "#" }
    let isLong = rest.dropFirst(pounds.count).hasPrefix("\"\"\"")
    let quote = (isLong ? "\"\"\"" : "\"") + pounds
    rest = rest.dropFirst(quote.count)
    for character in "\"\"" { append(character) }
    while !rest.isEmpty, !rest.hasPrefix(quote) {
      if rest.first == "\n" { append("\n") }
      rest = rest.dropFirst(rest.first == "\\" && pounds.isEmpty ? 2 : 1)
    }
    rest = rest.dropFirst(quote.count)
  }
}

extension SourceText {
  /// Every identifier of the code, with the number of its line.
  var identifiers: [(line: Int, name: Substring)] {
    code.enumerated().flatMap { line, text in
      text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.filter { $0.first!.isLetter || $0.first! == "_" }
        .map { (line + 1, $0) }
    }
  }
}
