/// The options of a program: [-v] [-p PORT] [HOST].
struct DaemonOptions: Equatable {
  var host: String?
  var port = "7000"
  var verbose = 0

  /// Parses the arguments without the program's name. Returns nil if they
  /// are wrong.
  init?(_ arguments: some Sequence<String>) {
    var rest = Array(arguments)[...]
    while let word = rest.first, word.hasPrefix("-"), word != "-" {
      rest.removeFirst()
      if word == "--" { break }
      var letters = word.dropFirst()
      while let letter = letters.popFirst() {
        switch letter {
        case "v": verbose += 1
        case "p":
          // The value is the rest of the word, or the next one.
          let value = letters.isEmpty ? rest.popFirst() : String(letters)
          guard let value else { return nil }
          port = value
          letters = ""
        default: return nil
        }
      }
    }
    guard rest.count <= 1 else { return nil }
    host = rest.first
  }
}
