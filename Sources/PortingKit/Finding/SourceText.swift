/// The tokens of a file of C, without comments, strings and the branches of conditionals that the compiler skips.
struct SourceText {
  struct Token: Equatable {
    let line: Int
    let text: String
  }

  /// The lines of the file, without comments and without the content of strings.
  private let lines: [[UInt8]]

  init(_ bytes: [UInt8]) {
    lines = Self.strip(bytes).split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
  }

  var lineCount: Int { lines.last == [] ? lines.count - 1 : lines.count }

  static let marker = "#pragma diptych_line"

  /// The text for the preprocessor, with a marker at the start of each branch of a conditional: the output has the
  /// markers of the branches that are compiled.
  static func marked(_ bytes: [UInt8]) -> [UInt8] {
    let text = SourceText(bytes)
    var marked: [UInt8] = []
    var isContinued = false
    var wasBranch = false
    for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      marked += line
      marked.append(10)
      let isBranch = isContinued ? wasBranch : text.directive(index).map(branches.contains) == true
      wasBranch = isBranch
      isContinued = line.last == UInt8(ascii: "\\")
      // A comment that goes on would contain the marker.
      if isBranch, !isContinued { marked += Array("\(marker) \(index + 1)\n".utf8) }
    }
    return marked
  }

  private static let branches: Set = ["if", "ifdef", "ifndef", "elif", "else"]

  /// The name of the directive on a line, counted from 0.
  private func directive(_ index: Int) -> String? {
    guard index < lines.count else { return nil }
    let line = String(decoding: lines[index], as: UTF8.self)
    return line.firstMatch(of: /^[ \t]*#[ \t]*([a-z]+)/).map { String($0.1) }
  }

  /// The tokens: names and numbers.
  /// - Parameter active: The lines, from 1, that start a branch which is compiled.
  func tokens(active: Set<Int>) -> [Token] {
    var tokens: [Token] = []
    // For each open conditional: whether its current branch is compiled.
    var open: [Bool] = []
    var continued: String?
    for (index, line) in lines.enumerated() {
      let name = continued ?? directive(index)
      if let name, continued == nil {
        if ["if", "ifdef", "ifndef"].contains(name) {
          open.append(false)
        } else if name == "endif" {
          _ = open.popLast()
        }
      }
      let isLast = line.last != UInt8(ascii: "\\")
      if let name, Self.branches.contains(name), isLast, !open.isEmpty {
        open[open.count - 1] = active.contains(index + 1)
      } else if name == nil || name == "define", !open.contains(false) {
        Self.split(line) { tokens.append(Token(line: index + 1, text: $0)) }
      }
      continued = isLast ? nil : name
    }
    return tokens
  }

  private static func split(_ line: [UInt8], _ take: (String) -> Void) {
    var word: [UInt8] = []
    for byte in line + [32] {
      // The point of a number belongs to it: 0.0644 is no mode.
      if isWord(byte) || (byte == UInt8(ascii: ".") && word.first.map(isDigit) == true) {
        word.append(byte)
      } else if !word.isEmpty {
        take(String(decoding: word, as: UTF8.self))
        word.removeAll(keepingCapacity: true)
      }
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private enum Mode { case code, line, block, text(UInt8) }

  /// Replaces comments and the content of strings by spaces.
  private static func strip(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    var mode = Mode.code
    var index = 0
    func next() -> UInt8? { index + 1 < bytes.count ? bytes[index + 1] : nil }
    while index < bytes.count {
      let byte = bytes[index]
      var skipped = 0
      switch mode {
      case .code:
        if byte == UInt8(ascii: "/"), next() == UInt8(ascii: "/") {
          mode = .line
        } else if byte == UInt8(ascii: "/"), next() == UInt8(ascii: "*") {
          (mode, skipped) = (.block, 1)
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
          mode = .text(byte)
        }
      case .line: if byte == 10, bytes[index - 1] != UInt8(ascii: "\\") { mode = .code }
      case .block: if byte == UInt8(ascii: "*"), next() == UInt8(ascii: "/") { (mode, skipped) = (.code, 1) }
      case .text(let quote):
        if byte == UInt8(ascii: "\\") { skipped = 1 } else if byte == quote || byte == 10 { mode = .code }
      }
      for place in index...min(index + skipped, bytes.count - 1) where bytes[place] != 10 {
        if case .code = mode, skipped == 0 { continue }
        // A backslash at the end continues the line.
        if bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.count, bytes[place + 1] == 10 { continue }
        result[place] = 32
      }
      index += skipped + 1
    }
    return result
  }
}
