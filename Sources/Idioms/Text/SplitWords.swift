/// Splits a command into its words.
func splitWords(_ line: String) -> [Substring] {
  line.utf8.split { " \t\r\n".utf8.contains($0) }.map { Substring($0) }
}

/// Splits `name=value` at its first '='. Returns nil if the word has no '='.
func splitValue(_ word: Substring) -> (name: Substring, value: Substring)? {
  let bytes = word.utf8
  guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else { return nil }
  return (word[..<equals], word[bytes.index(after: equals)...])
}
