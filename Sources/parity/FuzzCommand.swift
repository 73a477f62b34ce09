import ArgumentParser
import ParityKit

struct FuzzCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract: "Put two programs through scenarios made up by chance, and shrink those in which they differ.",
    discussion: """
      Each scenario follows from the seed and its number: the same seed, the same scenarios. Each side goes through it \
      once. What differs is looked at anew, each side --repeat times or more, and only what differs again is told: as \
      the smallest scenario that shows it, in a file that parity replay takes. System calls, which take strace and \
      time, are compared where --channels names them.

      A run can be split: --shard 3/16 plays a sixteenth, and parity merge joins the reports.

      EXAMPLES
        parity fuzz --left 'old-server {port}' --right 'new-server {port}' --seed 7 --runs 2000
        parity fuzz --role filter --left 'sort' --right 'my-sort' --time 60 --output failures
        parallel parity fuzz --left A --right B --seed 7 --shard {}/4 --json {}.json ::: 1 2 3 4; parity merge ?.json

      EXIT STATUS
        0 same; 1 different; 2 could not judge; 64 wrong usage
      """)

  @Option(help: ArgumentHelp("The program that others are measured by.", valueName: "command"))
  var left: String

  @Option(help: ArgumentHelp("The program to judge.", valueName: "command"))
  var right: String

  @Option(
    help: ArgumentHelp("What they are: server, client or filter. (default: server)", valueName: "role"),
    transform: CompareCommand.role)
  var role: Role = .server

  @Option(help: ArgumentHelp("What the scenarios follow from. (default: a new one, which is printed)", valueName: "n"))
  var seed: Int?

  @Option(help: ArgumentHelp("How many scenarios there are, all shards together.", valueName: "n"))
  var runs = Limits.fuzzRuns

  @Option(
    help: ArgumentHelp("Play one part of so many, such as 3/16. (default: 1/1)", valueName: "k/n"),
    transform: Self.shard)
  var shard = Shard.whole

  @Option(help: ArgumentHelp("End after so many scenarios that differ.", valueName: "n"))
  var maxFailures = Limits.fuzzFailures

  @Option(help: ArgumentHelp("Begin no further scenario after so long. (default: no limit)", valueName: "seconds"))
  var time: Double?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where a file goes for each scenario that differs.", valueName: "folder"))
  var output = "."

  @OptionGroup var judging: ComparisonOptions

  @OptionGroup var reporting: ReportOptions

  func validate() throws {
    guard seed ?? 0 >= 0, runs >= 1, maxFailures >= 1, time ?? 1 > 0 else {
      throw ValidationError("--seed, --runs, --max-failures and --time: no less than nothing, and all but --seed more")
    }
    guard shard.count <= runs else { throw ValidationError("--shard \(shard): there are only \(runs) scenarios") }
    _ = try judging.comparison(left, right, role: role, scenarios: [])
  }

  func run() async throws {
    var fuzz = Fuzz(
      try judging.comparison(left, right, role: role, scenarios: []), role: role,
      seed: seed ?? Int.random(in: 0..<1_000_000))
    if judging.channels != nil { fuzz.comparison = try judging.comparison(left, right, role: role, scenarios: []) }
    (fuzz.runs, fuzz.shard, fuzz.failures, fuzz.folder) = (runs, shard, maxFailures, output)
    fuzz.time = time.map { .milliseconds(Int($0 * 1000)) }
    fuzz.options = judging.verdicts
    let bar = ProgressBar()
    SignalCleanup.watch {
      bar.end()
      guard let report = bar.report else { return }
      Terminal.print(report.text(colour: Terminal.showsColour))
      try? reporting.write(report)
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
    try reporting.write(report)
    throw ExitCode(report.verdict.rawValue)
  }

  private static func shard(_ text: String) throws -> Shard {
    guard let shard = Shard(text) else { throw ValidationError("a shard is K/N, with K from 1 to N, such as 3/16") }
    return shard
  }
}
