import ArgumentParser
import ParityKit

/// The options of every command that compares two programs.
struct ComparisonOptions: ParsableArguments {
  @Option(name: .customLong("repeat"), help: ArgumentHelp("How often each side runs a scenario.", valueName: "n"))
  var repeats = 2

  @Option(help: ArgumentHelp("How long one step may take. (default: 10)", valueName: "seconds"))
  var timeout: Double?

  @Option(help: ArgumentHelp("How many programs run at a time.", valueName: "n"))
  var jobs = BlockingPool.size

  @Option(
    help: ArgumentHelp(
      "What to compare, by commas: \(Channel.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "list"))
  var channels: String?

  @Option(
    help: ArgumentHelp(
      "How many times the left's processor time the right's may be; costs are only shown where no limit is set.",
      valueName: "ratio"))
  var limitTime: Double?

  @Option(help: ArgumentHelp("The same of peak memory.", valueName: "ratio"))
  var limitMemory: Double?

  @Option(help: ArgumentHelp("The same of the number of system calls.", valueName: "ratio"))
  var limitCalls: Double?

  @Option(help: ArgumentHelp("Masks and known differences, each with a reason.", valueName: "file"))
  var masks: String?

  @Option(help: ArgumentHelp("For the left program's environment; may be given again.", valueName: "name=value"))
  var leftEnv: [String] = []

  @Option(help: ArgumentHelp("For the right program's environment.", valueName: "name=value"))
  var rightEnv: [String] = []

  /// Creates the comparison of two command lines. Errors are reported as wrong usage.
  func comparison(_ left: String, _ right: String, role: Role, scenarios: [Scenario]) throws -> Comparison {
    guard repeats >= 1, jobs >= 1, timeout ?? 1 > 0 else {
      throw ValidationError("--repeat, --jobs and --timeout: more than nothing")
    }
    guard [limitTime, limitMemory, limitCalls].allSatisfy({ $0 ?? 1 > 0 }) else {
      throw ValidationError("--limit-time, --limit-memory and --limit-calls: more than nothing")
    }
    var comparison: Comparison
    do {
      comparison = Comparison(
        try Program(left, environment: Program.environment(leftEnv)),
        try Program(right, environment: Program.environment(rightEnv)), role: role, scenarios: scenarios)
      if let masks { comparison.allowances = try MaskRule.load(masks) }
    } catch let error as InputError {
      throw ValidationError(error.description)
    } catch let error as Program.Malformed {
      throw ValidationError(error.description)
    }
    for (side, program) in [("--left", comparison.left), ("--right", comparison.right)] {
      if let problem = program.problem(as: role) { throw ValidationError("\(side): \(problem)") }
    }
    if let channels { comparison.channels = try Self.channels(channels) }
    comparison.repeats = repeats
    if let timeout { comparison.timeout = .milliseconds(Int(timeout * 1000)) }
    comparison.jobs = jobs
    comparison.costLimits = ResourceLimits(time: limitTime, memory: limitMemory, calls: limitCalls)
    return comparison
  }

  /// The command line options that repeat the comparison, except the number of parallel runs.
  var again: [String] {
    var words = repeats == 2 ? [] : ["--repeat", "\(repeats)"]
    if let timeout { words += ["--timeout", "\(timeout)"] }
    if let channels { words += ["--channels", channels] }
    return words + verdicts + leftEnv.flatMap { ["--left-env", $0] } + rightEnv.flatMap { ["--right-env", $0] }
  }

  /// The options that decide what is a difference, and that the file of a scenario does not contain.
  var verdicts: [String] {
    var words = masks.map { ["--masks", $0] } ?? []
    for (option, limit) in [("time", limitTime), ("memory", limitMemory), ("calls", limitCalls)] {
      if let limit { words += ["--limit-\(option)", "\(limit)"] }
    }
    return words
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
}
