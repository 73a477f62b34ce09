/// The commands by their names.
private let commands: [String: @Sendable (Substring) -> String] = [
  "ping": { _ in "pong" },
  "echo": { text in String(text) },
  "length": { text in "\(text.utf8.count)" },
]

/// Runs a command such as "echo TEXT". Returns the reply, or nil if there is
/// no such command.
func runCommand(_ line: String) -> String? {
  let words = line.split(
    separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
  guard let run = commands[String(words[0])] else { return nil }
  return run(words.count > 1 ? words[1] : "")
}
