import ArgumentParser
import ParityKit

struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
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
        parity compare --left … --right … --scenario mine.yaml --junit parity.xml

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

  @Option(name: .customLong("repeat"), help: ArgumentHelp("How often each side runs a scenario.", valueName: "n"))
  var repeats = 2

  @Option(help: ArgumentHelp("How long one step may take.", valueName: "seconds"))
  var timeout = 10.0

  @Option(help: ArgumentHelp("How many programs run at a time.", valueName: "n"))
  var jobs = Crew.size

  @Option(
    help: ArgumentHelp(
      "What to compare, by commas: \(Channel.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "list"))
  var channels: String?

  @Option(help: ArgumentHelp("Masks and known differences, each with a reason.", valueName: "file"))
  var masks: String?

  @Option(help: ArgumentHelp("For the left program's environment; may be given again.", valueName: "name=value"))
  var leftEnv: [String] = []

  @Option(help: ArgumentHelp("For the right program's environment.", valueName: "name=value"))
  var rightEnv: [String] = []

  @Option(help: ArgumentHelp("Write the report as JSON.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Write the report as JUnit's XML.", valueName: "file"))
  var junit: String?

  func validate() throws { _ = try comparison() }

  func run() async throws {
    Interruption.watch()
    let report = await (try comparison()).run()
    Terminal.print(report.text(colour: Terminal.showsColour))
    try Terminal.write(report.json, to: json)
    try Terminal.write(report.junit, to: junit)
    throw ExitCode(report.verdict.rawValue)
  }

  private func comparison() throws -> Comparison {
    guard repeats >= 1, jobs >= 1, timeout > 0 else {
      throw ValidationError("--repeat, --jobs and --timeout: more than nothing")
    }
    var comparison: Comparison
    do {
      comparison = Comparison(
        try Program(left, environment: Self.environment(leftEnv)),
        try Program(right, environment: Self.environment(rightEnv)), role: role, scenarios: try scenarios())
      if let masks { comparison.allowances = try Allowance.load(masks) }
    } catch let error as ScenarioError {
      throw ValidationError(error.description)
    } catch let error as Program.Malformed {
      throw ValidationError(error.description)
    }
    for (side, program) in [("--left", comparison.left), ("--right", comparison.right)] {
      if let problem = program.problem(as: role) { throw ValidationError("\(side): \(problem)") }
    }
    if let channels { comparison.channels = try Self.channels(channels) }
    comparison.repeats = repeats
    comparison.timeout = .milliseconds(Int(timeout * 1000))
    comparison.jobs = jobs
    return comparison
  }

  private func scenarios() throws -> [Scenario] {
    let all = try scenario.isEmpty ? Scenario.bundled(for: role) : scenario.flatMap(Scenario.load)
    let chosen = only.isEmpty ? all : all.filter { scenario in only.contains { scenario.name.contains($0) } }
    guard !chosen.isEmpty else {
      throw ValidationError("--only: no scenario; there are \(all.map(\.name).joined(separator: ", "))")
    }
    if let other = chosen.first(where: { $0.role != role }) {
      throw ValidationError("\(other.name) is a scenario for a \(other.role.rawValue): --role \(other.role.rawValue)")
    }
    return chosen
  }

  static func role(_ name: String) throws -> Role {
    guard let role = Role(rawValue: name) else {
      throw ValidationError("allowed: \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return role
  }

  private static func channels(_ list: String) throws -> [Channel] {
    try list.split(separator: ",").map { name in
      guard let channel = Channel(rawValue: String(name)) else {
        let allowed = Channel.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--channels has no \"\(name)\"; allowed: \(allowed)")
      }
      return channel
    }
  }

  private static func environment(_ entries: [String]) throws -> [String: String] {
    var environment: [String: String] = [:]
    for entry in entries {
      guard let equals = entry.firstIndex(of: "="), equals > entry.startIndex else {
        throw ValidationError("\"\(entry)\" is no NAME=value")
      }
      environment[String(entry[..<equals])] = String(entry[equals...].dropFirst())
    }
    return environment
  }
}
