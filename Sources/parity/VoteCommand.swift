import ArgumentParser
import ParityKit

struct VoteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vote",
    abstract: "Run three or more programs in the same scenarios, and report which one differs from the others.",
    discussion: """
      The commands are split, and their placeholders replaced, as in parity compare. Each pair of programs is compared, \
      but the runs of a program are shared between its pairs. The report shows in which scenarios a program is alone, \
      and where the programs are tied. In the report they are named A, B, C and so on, in the order of the \
      commands.

      System calls are compared only if --channels contains calls. Costs are not compared.

      EXAMPLES
        parity vote 'socat TCP-LISTEN:{port},fork,reuseaddr PIPE' 'ncat -lk {host} {port} -e /bin/cat' 'my-echo {port}'
        parity vote --role client 'nc -N {host} {port}' 'ncat {host} {port}' 'my-client {host} {port}' --json vote.json
        parity vote --role filter sort 'busybox sort' my-sort --only a-line --channels output,exit

      EXIT STATUS
        0 all are the same; 1 some differ; 2 could not judge: a program did not start or hung, programs \
      differ only in some runs, or a mask is stale; 64 wrong usage
      """)

  @Argument(help: "The commands of the programs: three to \(Limits.voters).")
  var programs: [String]

  @Option(
    help: ArgumentHelp("The role of all programs: \(CompareCommand.roles). (default: server)", valueName: "role"),
    transform: CompareCommand.role)
  var role: Role = .server

  @OptionGroup var scenarioOptions: ScenarioOptions

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      "The number of runs of each program in a scenario. Programs that differ run up to \(Limits.maximumRuns) times.",
      valueName: "n"))
  var repeats = 1

  @Option(help: ArgumentHelp("The timeout of one step. (default: 10)", valueName: "seconds"))
  var timeout: Double?

  @Option(help: ArgumentHelp("The maximum number of programs that run at once.", valueName: "n"))
  var jobs = BlockingPool.size

  @Option(
    help: ArgumentHelp(
      "The channels to compare, separated by commas. (default: wire,output,exit,leftovers)", valueName: "list"))
  var channels: String?

  @Option(help: ArgumentHelp("A file of masks and known differences, each with a reason.", valueName: "file"))
  var masks: String?

  @OptionGroup var reportOptions: ReportOptions

  func validate() throws { _ = try vote() }

  func run() async throws {
    SignalCleanup.watch()
    let report = await (try vote()).run()
    Terminal.print(report.text(colour: Terminal.showsColour))
    try reportOptions.write(html: report.html, json: report.json, junit: report.junit)
    throw ExitCode(report.verdict.rawValue)
  }

  private func vote() throws -> Vote {
    guard (3...Limits.voters).contains(programs.count) else {
      throw ValidationError("\(programs.count) programs; allowed: 3 to \(Limits.voters); parity compare judges two")
    }
    guard repeats >= 1, jobs >= 1, timeout ?? 1 > 0 else {
      throw ValidationError("--repeat, --jobs and --timeout must be greater than 0")
    }
    var vote = Vote(
      try programs.map(program), scenarios: try scenarioOptions.scenarios(role))
    if let channels {
      vote.channels = try ComparisonOptions.channels(channels)
      if vote.channels.contains(.cost) { throw ValidationError("--channels: parity vote does not compare costs") }
    }
    do {
      if let masks { vote.rules = try MaskRule.load(masks) }
    } catch {
      throw ValidationError(error.description)
    }
    (vote.repeats, vote.jobs) = (repeats, jobs)
    if let timeout { vote.timeout = .milliseconds(Int(timeout * 1000)) }
    return vote
  }

  private func program(_ command: String) throws -> Program {
    do {
      let program = try Program(command)
      if let problem = program.problem(as: role) { throw ValidationError("\(command): \(problem)") }
      return program
    } catch let error as Program.Malformed {
      throw ValidationError("\(command): \(error)")
    }
  }
}
