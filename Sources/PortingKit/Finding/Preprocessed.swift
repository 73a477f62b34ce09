internal import SystemPackage

/// What the output of the preprocessor says about a marked file.
struct Preprocessed {
  /// The lines of conditionals whose branch is compiled.
  private(set) var active: Set<Int> = []
  /// The headers that are not of the system.
  private(set) var headers: Set<String> = []

  init(_ output: String) {
    for line in output.utf8.split(separator: 10) where line.first == UInt8(ascii: "#") {
      let words = String(decoding: line, as: UTF8.self).split(separator: " ")
      if words.count == 3, words[0] == "#pragma", words[1] == "diptych_line", let number = Int(words[2]) {
        active.insert(number)
      } else if words.count >= 3, words[0] == "#", Int(words[1]) != nil, let name = Self.name(line) {
        // 3 means that the file is a header of the system.
        if !words.dropFirst(3).contains("3"), !name.hasPrefix("<") { headers.insert(Self.short(name)) }
      }
    }
  }

  private static func name(_ line: Substring.UTF8View.SubSequence) -> String? {
    guard let first = line.firstIndex(of: UInt8(ascii: "\"")), let last = line.lastIndex(of: UInt8(ascii: "\"")),
      first < last
    else { return nil }
    return String(decoding: line[line.index(after: first)..<last], as: UTF8.self)
  }

  /// A header has one name, however it was included: clang writes `./name`, and `server/../name`.
  static func short(_ name: String) -> String { FilePath(name).lexicallyNormalized().string }
}
