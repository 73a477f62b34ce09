import ArgumentParser
import ParityKit

struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Run two programs in the same scenarios, and compare their behaviour.",
    discussion: """
      The commands are split into words as in a shell, but run without one, each time in a new empty folder. These \
      placeholders are replaced:

        {port}    a free TCP port         {host}  127.0.0.1
        {socket}  a path for a Unix socket  {dir}  the folder
        {upstream}  for a proxy: where its upstream listens, as HOST:PORT  {upstream-port}  only the port

      A scenario begins when the server listens; parity detects this without a connection. For a client, parity \
      provides the server. Text that varies from run to run within both sides (a pid, a time) is masked, and shown.

      --protocol runs scenarios of a protocol: whole requests, requests in pieces, several at once, malformed ones, and \
      connections that end early. With auto, parity starts each side once, and chooses by its greeting or answer.

      EXAMPLES
        parity compare --left 'socat TCP-LISTEN:{port},fork,reuseaddr PIPE' --right 'my-echo --port {port}'
        parity compare --role client --left 'nc -N {host} {port}' --right 'my-client {host} {port}'
        parity compare --role filter --left 'sort' --right 'my-sort' --channels output,exit
        parity compare --left 'python3 -m http.server --bind {host} {port}' --right 'my-httpd {port}' --protocol http
        parity compare --role proxy --left 'socat TCP-LISTEN:{port},fork,reuseaddr TCP:{upstream}' \
      --right 'my-proxy {port} {upstream}'
        parity compare --left 'my-server {port}' --right-env MY_SWITCH=on --only send-a-line
        parity compare --left A --right B --scenario mine.yaml --junit parity.xml
        parity compare --left A --right B --bundle proof.tar.zst; parity verify proof.tar.zst

      EXIT STATUS
        0 same
        1 different
        2 could not judge: a program did not start or hung, or a mask is stale
        3 varies: the programs differed in some runs, and up to 16 runs of each show neither a difference nor noise \
      that both have
        64 wrong usage
      If several apply, the first of 1, 2 and 3 is the status.
      """)

  @Option(help: ArgumentHelp("The reference program.", valueName: "command"))
  var left: String

  @Option(
    help: ArgumentHelp(
      "The program to judge. (default with --left-env or --right-env: the reference program)", valueName: "command"))
  var right: String?

  @Option(
    help: ArgumentHelp("The role of both programs: \(Self.roles). (default: server)", valueName: "role"),
    transform: Self.role)
  var role: Role = .server

  @OptionGroup var scenarioOptions: ScenarioOptions

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp(
      "Scenarios of a protocol in place of the bundled ones: \(ProtocolOption.allowed). --scenario adds others.",
      valueName: "name"), transform: ProtocolOption.init)
  var wireProtocol: ProtocolOption?

  @Option(
    help: ArgumentHelp(
      "The time for all scenarios, 0 for no limit; what is not judged by then is reported. (default: \(budgetText))",
      valueName: "seconds"))
  var budget: Double?

  @OptionGroup var comparisonOptions: ComparisonOptions

  @OptionGroup var reportOptions: ReportOptions

  @OptionGroup var bundleOptions: BundleOptions

  private static let budgetText =
    "\(Int(Limits.budget / .seconds(1))) for the bundled scenarios without --bundle, otherwise 0"

  func validate() throws {
    guard wireProtocol == nil || role == .server else { throw ValidationError("--protocol is for servers") }
    guard budget ?? 0 >= 0 else { throw ValidationError("--budget must not be negative; 0 is no limit") }
    _ = try comparison(wireProtocol?.named)
  }

  func run() async throws {
    SignalCleanup.watch()
    let (named, note) = try await chosenProtocol()
    var comparison = try comparison(named)
    let words = replayArguments(named)
    comparison.replay = { words + ["--only", $1.name] }
    if let note { comparison.notes.append(note) }
    let bundle = try bundleOptions.open(&comparison, role: role, comparisonOptions)
    let progress = ComparisonProgress(of: comparison.scenarios.count)
    let report = await comparison.run(progress.show)
    progress.end()
    Terminal.print(report.text(colour: Terminal.showsColour))
    try reportOptions.write(report)
    try bundleOptions.write(report, bundle)
    throw ExitCode(report.verdict.rawValue)
  }

  /// The protocol that is named, or that both sides show, with the reason.
  private func chosenProtocol() async throws -> (WireProtocol?, note: String?) {
    guard wireProtocol == .auto else { return (wireProtocol?.named, nil) }
    let probed = try comparison(nil)
    do {
      guard let shown = try await ProtocolProbe.choose(probed.left, probed.right, timeout: probed.timeout) else {
        // The comparison reports why a side does not start.
        return (nil, nil)
      }
      let reasons = "left: \(shown.left.reason); right: \(shown.right.reason)"
      return (shown.left.shown, "--protocol auto chose \(shown.left.shown.rawValue): \(reasons)")
    } catch {
      Terminal.printError("--protocol auto: \(error); name one of them with --protocol\n")
      throw ExitCode(Verdict.notJudged.rawValue)
    }
  }

  /// The options without those that select scenarios.
  private func replayArguments(_ named: WireProtocol?) -> [String] {
    var words = ["parity", "compare"] + (role == .server ? [] : ["--role", role.rawValue]) + ["--left", left]
    if let right { words += ["--right", right] }
    if let named { words += ["--protocol", named.rawValue] }
    words += scenarioOptions.files
    if let budget { words += ["--budget", "\(budget)"] }
    return words + comparisonOptions.replayArguments
  }

  func comparison(_ named: WireProtocol? = nil) throws -> Comparison {
    var comparison = try comparisonOptions.comparison(
      left, comparisonOptions.rightCommand(right, besides: left), role: role,
      scenarios: try scenarioOptions.scenarios(role, of: named, isProbing: wireProtocol == .auto && named == nil))
    // A bundle needs every scenario.
    let isBounded = scenarioOptions.scenario.isEmpty && bundleOptions.bundle == nil
    let time = budget.map { Duration.milliseconds(Int($0 * 1000)) } ?? (isBounded ? Limits.budget : .zero)
    if time > .zero { comparison.budget = time }
    return comparison
  }

  static let roles =
    Role.allCases.dropLast().map(\.rawValue).joined(separator: ", ")
    + " or \(Role.allCases.last?.rawValue ?? "")"

  static func role(_ name: String) throws -> Role {
    guard let role = Role(rawValue: name) else {
      throw ValidationError("allowed: \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return role
  }
}
