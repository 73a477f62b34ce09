import ArgumentParser
import ParityKit

struct SelfCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "self",
    abstract: "Compare a program with itself: which channels can be believed for it.",
    discussion: """
      A program that differs from itself can't be compared with another one. This command plays each scenario with the \
      program on both sides, as parity compare does. It prints a line for each channel: in how many scenarios it was \
      judged, which text varies from run to run and is masked, and why it can't be believed. Begin with it before you \
      compare two programs, and leave out channels that can't be believed with --channels.

      EXAMPLES
        parity self 'socat TCP-LISTEN:{port},fork,reuseaddr PIPE'
        parity self 'python3 -m http.server --bind {host} {port}' --channels wire,output,exit
        parity self --role client 'curl -sS http://{host}:{port}/' --json curl.json

      EXIT STATUS
        0 the program is the same as itself
        1 it differs from itself; the report says where
        2 could not judge: it did not start or hung, or the time was over
        3 varies: it differed from itself in some runs
        64 wrong usage
      """)

  @Argument(help: "The program, with the placeholders of parity compare.")
  var command: String

  @Option(
    help: ArgumentHelp("The role of the program: \(CompareCommand.roles). (default: server)", valueName: "role"))
  var role: String?

  @OptionGroup var scenarioOptions: ScenarioOptions

  @Option(
    help: ArgumentHelp(
      "The channels to compare, separated by commas: \(Channel.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "list"))
  var channels: String?

  @Option(
    help: ArgumentHelp(
      "The time for all scenarios, 0 for no limit; what is not judged by then is reported.", valueName: "seconds"))
  var budget: String?

  @Option(help: ArgumentHelp("The timeout of one step. (default: 10)", valueName: "seconds"))
  var timeout: String?

  @Option(help: ArgumentHelp("The maximum number of programs that run at once.", valueName: "n"))
  var jobs: String?

  @Option(help: ArgumentHelp("A variable for the program's environment; may be repeated.", valueName: "name=value"))
  var env: [String] = []

  @OptionGroup var reportOptions: ReportOptions

  func validate() throws { _ = try comparison() }

  func run() async throws {
    SignalCleanup.watch()
    var comparison = try comparison()
    let words = ["parity", "self", command] + options + env.flatMap { ["--env", $0] }
    comparison.replay = { words + ["--only", $1.name] }
    let report = SelfReport(await comparison.run())
    Terminal.print(report.text(colour: Terminal.showsColour))
    let pages = report.report
    try reportOptions.write(html: pages.html, json: report.json, junit: pages.junit)
    throw ExitCode(report.verdict.rawValue)
  }

  /// The options that `parity compare` has, too, except those that select scenarios.
  private var options: [String] {
    (role.map { ["--role", $0] } ?? []) + scenarioOptions.files
      + (channels.map { ["--channels", $0] } ?? []) + (timeout.map { ["--timeout", $0] } ?? [])
      + (budget.map { ["--budget", $0] } ?? [])
  }

  /// The comparison of `parity compare` with the program on both sides.
  private func comparison() throws -> Comparison {
    let words =
      ["--left", command, "--right", command] + options + scenarioOptions.only.flatMap { ["--only", $0] }
      + (jobs.map { ["--jobs", $0] } ?? []) + env.flatMap { ["--left-env", $0, "--right-env", $0] }
    do {
      return try CompareCommand.parse(words).comparison()
    } catch {
      throw ValidationError(CompareCommand.message(for: error).replacing("--left: ", with: ""))
    }
  }
}
