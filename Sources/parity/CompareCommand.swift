import ArgumentParser
import ParityKit

struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Run two programs through the same scenarios, and compare what they do.",
    discussion: """
      The commands are split into words as a shell does it, and run without a shell, each time in an empty folder of \
      its own. These are filled in:

        {port}    a free TCP port         {host}  127.0.0.1
        {socket}  a path for a Unix socket  {dir}  the folder

      A server is waited for until it listens, without being connected to. A client finds a server at its place. \
      What varies from run to run within both sides (a pid, a time) is masked, and shown.

      EXAMPLES
        parity compare --left 'socat TCP-LISTEN:{port},fork,reuseaddr PIPE' --right 'my-echo --port {port}'
        parity compare --role client --left 'nc -N {host} {port}' --right 'my-client {host} {port}'
        parity compare --role filter --left 'sort' --right 'my-sort' --channels output,exit
        parity compare --left A --right B --scenario mine.yaml --junit parity.xml

      EXIT STATUS
        0 same; 1 different; 2 could not judge: a program did not start, hung, or behaves differently from run to \
      run in what no mask covers, or a mask is stale; 64 wrong usage
      """)

  @Option(help: ArgumentHelp("The program that others are measured by.", valueName: "command"))
  var left: String

  @Option(help: ArgumentHelp("The program to judge.", valueName: "command"))
  var right: String

  @Option(
    help: ArgumentHelp("What they are: server, client or filter. (default: server)", valueName: "role"),
    transform: Self.role)
  var role: Role = .server

  @Option(
    help: ArgumentHelp(
      "A scenario, or a folder of them; may be given again. (default: the bundled ones)", valueName: "file"))
  var scenario: [String] = []

  @Option(help: ArgumentHelp("Of the scenarios, only those whose name has this in it.", valueName: "text"))
  var only: [String] = []

  @OptionGroup var judging: ComparisonOptions

  @OptionGroup var reporting: ReportOptions

  func validate() throws { _ = try comparison() }

  func run() async throws {
    SignalCleanup.watch()
    var comparison = try comparison()
    let words = again
    comparison.replay = { words + ["--only", $1.name] }
    let report = await comparison.run()
    Terminal.print(report.text(colour: Terminal.showsColour))
    try reporting.write(report)
    throw ExitCode(report.verdict.rawValue)
  }

  /// The options without those that select scenarios.
  private var again: [String] {
    ["parity", "compare"] + (role == .server ? [] : ["--role", role.rawValue]) + ["--left", left, "--right", right]
      + scenario.flatMap { ["--scenario", $0] } + judging.again
  }

  private func comparison() throws -> Comparison {
    try judging.comparison(left, right, role: role, scenarios: try scenarios())
  }

  private func scenarios() throws -> [Scenario] {
    let all = try scenario.isEmpty ? Scenario.bundled(for: role) : Self.load(scenario)
    let chosen = only.isEmpty ? all : all.filter { scenario in only.contains { scenario.name.contains($0) } }
    guard !chosen.isEmpty else {
      throw ValidationError("--only: no scenario; there are \(all.map(\.name).joined(separator: ", "))")
    }
    if let other = chosen.first(where: { $0.role != role }) {
      throw ValidationError("\(other.name) is a scenario for a \(other.role.rawValue): --role \(other.role.rawValue)")
    }
    return chosen
  }

  static func load(_ paths: [String]) throws -> [Scenario] {
    do {
      return try paths.flatMap(Scenario.load)
    } catch let error as InputError {
      throw ValidationError(error.description)
    }
  }

  static func role(_ name: String) throws -> Role {
    guard let role = Role(rawValue: name) else {
      throw ValidationError("allowed: \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return role
  }
}
