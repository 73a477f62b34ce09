import ArgumentParser

/// The command: what it judges is said by its commands.
@main struct Parity: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parity",
    abstract: "Show that two network programs behave the same, or exactly where they differ.",
    subcommands: [
      Compare.self, Fuzzing.self, Replaying.self, Gridding.self, Recording.self, Merging.self, Scenarios.self,
      Forms.self,
    ])
}
