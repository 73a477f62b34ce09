import ArgumentParser
import ParityKit

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Repeat the scenario of a difference.",
    discussion: """
      The file contains the two programs and the channels that were compared. Relative paths in the commands are \
      relative to the current folder.

      EXAMPLES
        parity replay fuzz-7-12.yaml
        parity replay fuzz-7-12.yaml --right 'my-fixed-server {port}'
        parity replay fuzz-7-12.yaml --bundle difference.tar.zst

      EXIT STATUS
        0 same; 1 different; 2 could not judge; 3 varies; 64 wrong usage
      """)

  @Argument(help: "A file that parity fuzz has written.")
  var file: String

  @Option(help: ArgumentHelp("Another left program.", valueName: "command"))
  var left: String?

  @Option(help: ArgumentHelp("Another right program.", valueName: "command"))
  var right: String?

  @OptionGroup var comparisonOptions: ComparisonOptions

  @OptionGroup var reportOptions: ReportOptions

  @OptionGroup var bundleOptions: BundleOptions

  func validate() throws { _ = try comparison() }

  func run() async throws {
    SignalCleanup.watch()
    let words = ["parity", "replay", file] + replayArguments
    var comparison = try comparison()
    comparison.replay = { _, _ in words }
    let role = comparison.scenarios[0].role
    let bundle = try bundleOptions.open(&comparison, role: role, bundledOptions(comparison))
    let report = await comparison.run()
    Terminal.print(report.text(colour: Terminal.showsColour))
    try reportOptions.write(report)
    try bundleOptions.write(report, bundle)
    throw ExitCode(report.verdict.rawValue)
  }

  private var replayArguments: [String] {
    (left.map { ["--left", $0] } ?? []) + (right.map { ["--right", $0] } ?? []) + comparisonOptions.replayArguments
  }

  /// The options with those of the file, which a bundle does not contain.
  private func bundledOptions(_ comparison: Comparison) -> ComparisonOptions {
    var options = comparisonOptions
    options.timeout = comparison.timeout / .seconds(1)
    options.strictCalls = comparison.strictCalls
    return options
  }

  private func comparison() throws -> Comparison {
    let scenarios = try ScenarioOptions.load([file])
    guard scenarios.count == 1, let replay = scenarios[0].replay else {
      throw ValidationError("\(file) does not contain two programs; use parity compare --scenario \(file)")
    }
    var comparison = try comparisonOptions.comparison(
      left ?? replay.left.description, right ?? replay.right.description, role: scenarios[0].role,
      scenarios: scenarios)
    // Options override the file.
    if comparisonOptions.channels == nil {
      comparison.channels = replay.channels
      comparison.strictCalls = replay.channels.contains(.calls)
    }
    if comparisonOptions.leftEnv.isEmpty { comparison.left.environment = replay.left.environment }
    if comparisonOptions.rightEnv.isEmpty { comparison.right.environment = replay.right.environment }
    if comparisonOptions.file.isEmpty {
      (comparison.left.files, comparison.right.files) = (replay.left.files, replay.right.files)
    }
    if comparisonOptions.timeout == nil { comparison.timeout = .milliseconds(replay.timeout) }
    return comparison
  }
}
