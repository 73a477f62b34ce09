import ArgumentParser
import ParityKit

struct FuzzCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract: "Run two programs in random scenarios, and shrink those in which they differ.",
    discussion: """
      The seed and the number of a scenario determine it, so the same seed gives the same scenarios. Each side runs \
      each scenario once. If they differ, each side runs it up to 16 times, as in parity compare. A difference is \
      reported: the smallest scenario that shows it is written to a file for parity replay. A scenario that only \
      sometimes differs is written and listed, too, and the run goes on. System calls need strace and more time, so they \
      are compared only if --channels contains calls.

      A run can be split: --shard 3/16 runs a sixteenth of the scenarios, and parity merge joins the reports.

      EXAMPLES
        parity fuzz --left 'old-server {port}' --right 'new-server {port}' --seed 7 --runs 2000
        parity fuzz --role filter --left 'sort' --right 'my-sort' --time 60 --output failures
        parallel parity fuzz --left A --right B --seed 7 --shard {}/4 --json {}.json ::: 1 2 3 4; parity merge ?.json

      EXIT STATUS
        0 same; 1 different; 2 could not judge; 3 varies: some scenarios only sometimes differ; 64 wrong usage
      """)

  @Option(help: ArgumentHelp("The reference program.", valueName: "command"))
  var left: String

  @Option(
    help: ArgumentHelp(
      "The program to judge. (default with --left-env or --right-env: the reference program)", valueName: "command"))
  var right: String?

  @Option(
    help: ArgumentHelp("The role of both programs: server, client or filter. (default: server)", valueName: "role"),
    transform: CompareCommand.role)
  var role: Role = .server

  @Option(help: ArgumentHelp("The seed of the scenarios. (default: a new one, which is printed)", valueName: "n"))
  var seed: Int?

  @Option(help: ArgumentHelp("The number of scenarios, in all shards together.", valueName: "n"))
  var runs = Limits.fuzzRuns

  @Option(
    help: ArgumentHelp("Run only this part of the scenarios, such as 3/16. (default: 1/1)", valueName: "k/n"),
    transform: Self.shard)
  var shard = Shard.whole

  @Option(help: ArgumentHelp("Stop after this number of differing scenarios.", valueName: "n"))
  var maxFailures = Limits.fuzzFailures

  @Option(help: ArgumentHelp("Start no scenario after this time. (default: no limit)", valueName: "seconds"))
  var time: Double?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder for the files of differing scenarios.", valueName: "folder"))
  var output = "."

  @OptionGroup var comparisonOptions: ComparisonOptions

  @OptionGroup var reportOptions: ReportOptions

  func validate() throws {
    guard seed ?? 0 >= 0, runs >= 1, maxFailures >= 1, time ?? 1 > 0 else {
      throw ValidationError("--runs, --max-failures and --time must be greater than 0, and --seed must not be negative")
    }
    guard shard.count <= runs else { throw ValidationError("--shard \(shard): there are only \(runs) scenarios") }
    _ = try comparison()
  }

  func run() async throws {
    var fuzz = Fuzz(
      try comparison(), role: role,
      seed: seed ?? Int.random(in: 0..<1_000_000))
    if comparisonOptions.channels != nil {
      fuzz.comparison = try comparison()
    }
    fuzz.comparison.jobs = comparisonOptions.jobs ?? BlockingPool.fuzzSize
    (fuzz.runs, fuzz.shard, fuzz.failures, fuzz.folder) = (runs, shard, maxFailures, output)
    fuzz.time = time.map { .milliseconds(Int($0 * 1000)) }
    fuzz.options = comparisonOptions.judgingArguments
    let bar = ProgressBar()
    SignalCleanup.watch {
      bar.end()
      guard let report = bar.report else { return }
      Terminal.print(report.text(colour: Terminal.showsColour))
      try? reportOptions.write(report)
    }
    let report: Report
    do {
      try Terminal.makeFolder(output)
      report = try await fuzz.run(bar.show)
    } catch {
      bar.end()
      throw ValidationError(error.description)
    }
    bar.end()
    Terminal.print(report.text(colour: Terminal.showsColour))
    try reportOptions.write(report)
    throw ExitCode(report.verdict.rawValue)
  }

  private func comparison() throws -> Comparison {
    let other = try comparisonOptions.rightCommand(right, besides: left)
    return try comparisonOptions.comparison(left, other, role: role, scenarios: [])
  }

  private static func shard(_ text: String) throws -> Shard {
    guard let shard = Shard(text) else {
      throw ValidationError("a shard has the form K/N, with K from 1 to N, such as 3/16")
    }
    return shard
  }
}
