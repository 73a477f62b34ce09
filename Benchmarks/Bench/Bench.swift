import ArgumentParser

@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure Diptych's programs against others that do the same.",
    subcommands: [Run.self, Show.self, Insert.self], defaultSubcommand: Run.self)
}

/// Measures every benchmark with every competitor in rounds, so that a disturbance of the machine affects all of them.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Measure, and write the results.")

  @Option(help: "How often each figure is measured; the median counts.") var rounds = 5
  @Option(help: "How many seconds each measurement of a server takes.") var seconds = 0.4
  @Option(help: "Only benchmarks whose name contains this; can be repeated.") var benchmark: [String] = []
  @Option(help: "Only these competitors; can be repeated.") var competitor: [String] = []
  @Flag(help: "Run one short round, as a test.") var quick = false
  @Option(help: "The folder of the programs that the Makefile has built.") var build = ".build"
  @Option(help: "The file for the results. (default: results.json; of a partial or quick run, in the build folder)")
  var output: String?

  func run() async throws {
    let load = Load(build: build, seconds: quick ? 0.1 : seconds)
    let benchmarks = Benchmark.all.filter { name in benchmark.isEmpty || benchmark.contains { name.name.contains($0) } }
    let competitors = Competitor.all(build: build).filter { competitor.isEmpty || competitor.contains($0.name) }
    var results = Results(
      date: Machine.today(), rounds: quick ? 1 : rounds, seconds: load.seconds, machine: try await Machine.read(),
      versions: try await Machine.versions(of: competitors))
    let isWhole = !quick && benchmark.isEmpty && competitor.isEmpty
    for round in 1...results.rounds {
      for benchmark in benchmarks where round == 1 || !benchmark.isExact {
        // Alternates the direction, so that no competitor always follows the same one.
        for competitor in round.isMultiple(of: 2) ? competitors.reversed() : competitors {
          guard let command = competitor.command(for: benchmark), !results.isHopeless(benchmark, competitor) else {
            continue
          }
          let outcome = try await load.measure(benchmark, command, isSilent: competitor.isSilent)
          results.add(outcome, benchmark, competitor)
          Terminal.say(
            "round \(round) of \(results.rounds), \(benchmark.name), \(competitor.name): \(benchmark.short(outcome))")
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
    commandName: "page", abstract: "Insert the short table between the two markers of a page.")

  @Argument(help: "The page.") var page = "../Sources/Diptych.docc/Benchmarks.md"
  @Argument(help: "The results.") var results = "results.json"

  func run() throws {
    let table = Table.short(try Results.read(from: results))
    try Terminal.replace(in: page, between: "<!-- bench -->", and: "<!-- bench ends -->", with: table)
  }
}
