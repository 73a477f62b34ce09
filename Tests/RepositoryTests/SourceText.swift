import Synchronization

/// The text of a Swift or C file, split into its code and its comments.
struct SourceText: Sendable {
  let path: String
  /// One entry for each line: the code, without comments. A string literal is `""`.
  let code: [String]
  /// One entry for each line: the text of the comments.
  let comments: [String]
  /// Every identifier of the code, with the number of its line.
  let identifiers: [(line: Int, name: Substring)]

  private static let cache = Mutex<[String: SourceText]>([:])

  /// Splits a file of the repository, once for all tests.
  init(path: String) throws {
    if let known = Self.cache.withLock({ $0[path] }) {
      self = known
      return
    }
    let text = SourceText(path: path, text: try Repository.read(path))
    Self.cache.withLock { $0[path] = text }
    self = text
  }

  init(path: String, text: String) {
    self.path = path
    var splitter = Splitter(Array(text.utf8))
    splitter.split()
    code = splitter.code.map { String(decoding: $0, as: UTF8.self) }
    comments = splitter.comments.map { String(decoding: $0, as: UTF8.self) }
    identifiers = code.enumerated().flatMap { line, text in
      text.utf8.split { !Self.isPart($0) }.filter { !($0.first! >= 0x30 && $0.first! <= 0x39) }
        .map { (line + 1, Substring($0)) }
    }
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    default: false
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
}

/// Splits by bytes, because a test reads every file.
private struct Splitter {
  private let bytes: [UInt8]
  private var index = 0
  private(set) var code: [[UInt8]] = [[]]
  private(set) var comments: [[UInt8]] = [[]]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func split() {
    while index < bytes.count {
      switch (bytes[index], next(1)) {
      case (UInt8(ascii: "/"), UInt8(ascii: "/")): takeComment(until: end(of: "\n", inclusive: false))
      case (UInt8(ascii: "/"), UInt8(ascii: "*")): takeComment(until: end(of: "*/", inclusive: true))
      case (UInt8(ascii: "\""), _), (UInt8(ascii: "#"), UInt8(ascii: "\"")): skipString()
      default:
        append(bytes[index])
        index += 1
      }
    }
  }

  /// The byte at a distance, or 0 behind the end.
  private func next(_ distance: Int) -> UInt8 { index + distance < bytes.count ? bytes[index + distance] : 0 }

  private func end(of text: String, inclusive: Bool) -> Int {
    let pattern = Array(text.utf8)
    var position = index
    while position + pattern.count <= bytes.count {
      if bytes[position] == pattern[0], bytes[position..<(position + pattern.count)].elementsEqual(pattern) {
        return position + (inclusive ? pattern.count : 0)
      }
      position += 1
    }
    return bytes.count
  }

  private mutating func append(_ byte: UInt8) {
    if byte == UInt8(ascii: "\n") {
      code.append([])
      comments.append([])
    } else {
      code[code.count - 1].append(byte)
    }
  }

  private mutating func takeComment(until end: Int) {
    for byte in bytes[index..<end] {
      if byte == UInt8(ascii: "\n") { append(byte) } else { comments[comments.count - 1].append(byte) }
    }
    index = end
  }

  /// Skips a literal, and leaves `""` in the code. Interpolated expressions are not code here.
  private mutating func skipString() {
    let isRaw = bytes[index] == UInt8(ascii: "#")
    let mark = UInt8(ascii: "\"")
    let isLong = next(isRaw ? 2 : 1) == mark && next(isRaw ? 3 : 2) == mark
    let quote = Array(((isLong ? "\"\"\"" : "\"") + (isRaw ? "#" : "")).utf8)
    index += quote.count
    for byte in "\"\"".utf8 { append(byte) }
    while index < bytes.count, bytes[index] != mark || !bytes[index...].starts(with: quote) {
      if bytes[index] == UInt8(ascii: "\n") { append(bytes[index]) }
      index += bytes[index] == UInt8(ascii: "\\") && !isRaw ? 2 : 1
    }
    index += quote.count
  }
}
