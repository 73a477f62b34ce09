import ArgumentParser

/// The version of all programs of the package.
let version = "0.1.0"

/// The `parity` command and its subcommands.
@main struct Parity: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parity",
    abstract: "Show that two network programs behave the same, or exactly where they differ.",
    discussion: """
      parity compares what programs send and print, their exit status, their system calls, and what they leave behind. \
      The scenarios are bundled, written by you, recorded or random. See the --help of each command.

      EXAMPLES
        parity compare --left 'old-server {port}' --right 'new-server {port}'
        parity fuzz --left 'old-server {port}' --right 'new-server {port}' --seed 7 --runs 2000
        parity grid --server 'old-server {port}' --server 'new-server {port}' --client 'nc -N {host} {port}'

      EXIT STATUS
        0 same; 1 different; 2 could not judge; 3 varies; 64 wrong usage
      """, version: "parity \(version)",
    subcommands: [
      CompareCommand.self, SelfCommand.self, FuzzCommand.self, ReplayCommand.self, GridCommand.self, VoteCommand.self,
      RecordCommand.self, MergeCommand.self, VerifyCommand.self, ScenariosCommand.self, SchemaCommand.self,
    ])
}
