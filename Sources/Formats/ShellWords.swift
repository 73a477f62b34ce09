/// The words of a command, as a shell splits it: white space, quotes and backslashes; no expansion.
package enum ShellWords {
  /// Why a command can't be split.
  package struct Malformed: Error, CustomStringConvertible {
    package let description: String
  }

  package static func split(_ command: String) throws(Malformed) -> [String] {
    var (words, word) = ([String](), String?.none)
    var quote: Character?
    var isEscaped = false
    for character in command {
      if isEscaped {
        let isPlain = quote == "\"" && character != "\"" && character != "\\"
        word = (word ?? "") + (isPlain ? "\\" : "") + String(character)
        isEscaped = false
      } else if character == "\\" && quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        (quote, word) = (character, word ?? "")
      } else if character.isWhitespace {
        if let ended = word { words.append(ended) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if quote != nil { throw Malformed(description: "a quote is not closed: \(command)") }
    if isEscaped { throw Malformed(description: "nothing follows the last backslash: \(command)") }
    if let ended = word { words.append(ended) }
    return words
  }
}
