import ArgumentParser
import ParityKit

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Play the scenario of a difference again.",
    discussion: """
      The file says between which programs the difference is, and in which channels it was sought. Relative paths in \
      the commands are looked for from where you are.

      EXAMPLES
        parity replay fuzz-7-12.yaml
        parity replay fuzz-7-12.yaml --right 'my-server-mended {port}'

      EXIT STATUS
        0 same; 1 different; 2 could not judge; 64 wrong usage
      """)

  @Argument(help: "What parity fuzz has written.")
  var file: String

  @Option(help: ArgumentHelp("Another program on the left.", valueName: "command"))
  var left: String?

  @Option(help: ArgumentHelp("Another program on the right.", valueName: "command"))
  var right: String?

  @OptionGroup var judging: ComparisonOptions

  @OptionGroup var reporting: ReportOptions

  func validate() throws { _ = try comparison() }

  func run() async throws {
    SignalCleanup.watch()
    let words = ["parity", "replay", file] + again
    var comparison = try comparison()
    comparison.replay = { _, _ in words }
    let report = await comparison.run()
    Terminal.print(report.text(colour: Terminal.showsColour))
    try reporting.write(report)
    throw ExitCode(report.verdict.rawValue)
  }

  private var again: [String] {
    (left.map { ["--left", $0] } ?? []) + (right.map { ["--right", $0] } ?? []) + judging.again
  }

  private func comparison() throws -> Comparison {
    let scenarios = try CompareCommand.load([file])
    guard scenarios.count == 1, let replay = scenarios[0].replay else {
      throw ValidationError("\(file) does not say what to replay; use parity compare --scenario \(file)")
    }
    var comparison = try judging.comparison(
      left ?? replay.left.description, right ?? replay.right.description, role: scenarios[0].role,
      scenarios: scenarios)
    // Options override the file.
    if judging.channels == nil { comparison.channels = replay.channels }
    if judging.leftEnv.isEmpty { comparison.left.environment = replay.left.environment }
    if judging.rightEnv.isEmpty { comparison.right.environment = replay.right.environment }
    if judging.timeout == nil { comparison.timeout = .milliseconds(replay.timeout) }
    return comparison
  }
}
