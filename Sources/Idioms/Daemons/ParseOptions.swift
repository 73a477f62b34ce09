import Glibc

/// The options of a program: [-v] [-p PORT] [HOST], and the long forms
/// --verbose, --port PORT and --port=PORT.
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
      let isValid =
        word.hasPrefix("--")
        ? take(name: word.dropFirst(2), &rest)
        : take(letters: word.dropFirst(), &rest)
      guard isValid else { return nil }
    }
    guard rest.count <= 1 else { return nil }
    host = rest.first
  }

  /// The options of this program, for the first line of `main`. Prints how
  /// to use the program, and exits, if they are wrong.
  static func parseOrExit() -> DaemonOptions {
    let words = CommandLine.arguments
    if let options = DaemonOptions(words.dropFirst()) { return options }
    let name = words.first?.split(separator: "/").last ?? "?"
    let usage = Array("usage: \(name) [-v] [-p PORT] [HOST]\n".utf8)
    _ = unsafe write(STDERR_FILENO, usage, usage.count)
    exit(EX_USAGE)
  }

  private mutating func take(
    letters: Substring, _ rest: inout ArraySlice<String>
  ) -> Bool {
    var letters = letters
    while let letter = letters.popFirst() {
      switch letter {
      case "v": verbose += 1
      case "p":
        // The value is the rest of the word, or the next one.
        let value = letters.isEmpty ? rest.popFirst() : String(letters)
        guard let value else { return false }
        port = value
        letters = ""
      default: return false
      }
    }
    return true
  }

  private mutating func take(
    name word: Substring, _ rest: inout ArraySlice<String>
  ) -> Bool {
    let parts = word.split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let value = parts.count == 2 ? String(parts[1]) : nil
    // getopt_long(3) also takes the beginning of a name, if it is unique.
    let names = ["port", "verbose"].filter { $0.hasPrefix(parts[0]) }
    switch (names.count == 1 ? names[0] : "", value) {
    case ("verbose", nil): verbose += 1
    case ("port", _):
      guard let value = value ?? rest.popFirst() else { return false }
      port = value
    default: return false
    }
    return true
  }
}
