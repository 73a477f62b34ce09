import ArgumentParser

@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure Diptych's programs against others that do the same.",
    subcommands: [Run.self, Show.self, Insert.self], defaultSubcommand: Run.self)
}

/// Every row, with every peer, in rounds: what a noisy machine does to one, it does to all.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Measure, and write the results.")

  @Option(help: "How often each figure is taken; its median counts.") var rounds = 5
  @Option(help: "How long a server is given work, each time.") var seconds = 0.4
  @Option(help: "Only rows whose name holds this; may be given again.") var row: [String] = []
  @Option(help: "Only these peers; may be given again.") var peer: [String] = []
  @Flag(help: "One short round, to see that all works.") var quick = false
  @Option(help: "The folder with the programs, as the Makefile builds them.") var build = ".build"
  @Option(help: "Where the results go. (default: results.json; of a part only, or in short, to the build folder)")
  var output: String?

  func run() async throws {
    let load = Load(build: build, seconds: quick ? 0.1 : seconds)
    let rows = Row.all.filter { name in row.isEmpty || row.contains { name.name.contains($0) } }
    let peers = Peer.all(build: build).filter { peer.isEmpty || peer.contains($0.name) }
    var results = Results(
      date: Machine.today(), rounds: quick ? 1 : rounds, seconds: load.seconds, machine: try await Machine.read(),
      versions: try await Machine.versions(of: peers))
    let isWhole = !quick && row.isEmpty && peer.isEmpty
    for round in 1...results.rounds {
      for row in rows where round == 1 || !row.isExact {
        // Forth and back, so that none always follows the same one.
        for peer in round.isMultiple(of: 2) ? peers.reversed() : peers {
          guard let command = peer.command(for: row), !results.isHopeless(row, peer) else { continue }
          let outcome = try await load.measure(row, command, isSilent: peer.isSilent)
          results.add(outcome, row, peer)
          Terminal.say("round \(round) of \(results.rounds), \(row.name), \(peer.name): \(row.short(outcome))")
        }
      }
      results.judge()
      try results.write(to: output ?? (isWhole ? "results.json" : "\(build)/results.json"))
    }
    print(Table.full(results))
  }
}

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "table", abstract: "Print results as tables.")

  @Argument(help: "The results.") var results = "results.json"

  func run() throws { print(Table.full(try Results.read(from: results))) }
}

struct Insert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "page", abstract: "Write the short table between the two markers of a page.")

  @Argument(help: "The page.") var page = "../Sources/Diptych.docc/Benchmarks.md"
  @Argument(help: "The results.") var results = "results.json"

  func run() throws {
    let table = Table.short(try Results.read(from: results))
    try Terminal.replace(in: page, between: "<!-- bench -->", and: "<!-- bench ends -->", with: table)
  }
}
