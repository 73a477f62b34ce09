import ArgumentParser
import ParityKit

/// The options of every command that compares two programs.
struct ComparisonOptions: ParsableArguments {
  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      "The number of runs of each side in a scenario. Where the sides differ, each runs up to \(Limits.maximumRuns) times.",
      valueName: "n"))
  var repeats = 1

  @Option(help: ArgumentHelp("The timeout of one step. (default: 10)", valueName: "seconds"))
  var timeout: Double?

  @Option(
    help: ArgumentHelp(
      "The maximum number of programs that run at once. (default: \(BlockingPool.size), for fuzz \(BlockingPool.fuzzSize))",
      valueName: "n"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "The channels to compare, separated by commas: \(Channel.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "list"))
  var channels: String?

  @Flag(help: "Let different system calls decide the verdict, also without --channels calls.")
  var strictCalls = false

  @Option(
    help: ArgumentHelp(
      "The maximum ratio of the right program's processor time to the left's. Without limits, costs are only shown.",
      valueName: "ratio"))
  var limitTime: Double?

  @Option(help: ArgumentHelp("The maximum ratio of peak memory.", valueName: "ratio"))
  var limitMemory: Double?

  @Option(help: ArgumentHelp("The maximum ratio of the number of system calls.", valueName: "ratio"))
  var limitCalls: Double?

  @Option(
    help: ArgumentHelp(
      "By how much the latencies of answers, ends and exits may differ. Without a limit, a difference is only noted.",
      valueName: "ms"))
  var limitLatency: Int?

  @Option(help: ArgumentHelp("A file of masks and known differences, each with a reason.", valueName: "file"))
  var masks: String?

  @Option(
    help: ArgumentHelp("A variable for the left program's environment; may be repeated.", valueName: "name=value"))
  var leftEnv: [String] = []

  @Option(
    help: ArgumentHelp("A variable for the right program's environment; may be repeated.", valueName: "name=value"))
  var rightEnv: [String] = []

  @Option(
    help: ArgumentHelp(
      "A file that each run gets in {dir}, with {port} and the others replaced; may be repeated.",
      valueName: "path[=name]"))
  var file: [String] = []

  /// The right command. It is the left one if only the environments differ.
  func rightCommand(_ right: String?, besides left: String) throws -> String {
    if let right { return right }
    if leftEnv.isEmpty && rightEnv.isEmpty {
      throw ValidationError("--right is missing; it may be left out only with --left-env or --right-env")
    }
    return left
  }

  /// Creates the comparison of two command lines. Errors are reported as wrong usage.
  func comparison(_ left: String, _ right: String, role: Role, scenarios: [Scenario]) throws -> Comparison {
    guard repeats >= 1, jobs ?? 1 >= 1, timeout ?? 1 > 0 else {
      throw ValidationError("--repeat, --jobs and --timeout must be greater than 0")
    }
    guard [limitTime, limitMemory, limitCalls].allSatisfy({ $0 ?? 1 > 0 }), latency ?? 1 > 0 else {
      throw ValidationError("--limit-time, --limit-memory, --limit-calls and --limit-latency must be greater than 0")
    }
    var comparison: Comparison
    do {
      comparison = Comparison(
        try Program(left, environment: Program.environment(leftEnv)),
        try Program(right, environment: Program.environment(rightEnv)), role: role, scenarios: scenarios)
      comparison.left.files = try SuppliedFile.list(file)
      comparison.right.files = comparison.left.files
      if let masks { comparison.rules = try MaskRule.load(masks) }
    } catch let error as InputError {
      throw ValidationError(error.description)
    } catch let error as Program.Malformed {
      throw ValidationError(error.description)
    }
    for (side, program) in [("--left", comparison.left), ("--right", comparison.right)] {
      if let problem = program.problem(as: role) { throw ValidationError("\(side): \(problem)") }
    }
    if let channels { comparison.channels = try Self.channels(channels) }
    // Who names the channel asks for its verdict.
    comparison.strictCalls = strictCalls || (channels != nil && comparison.channels.contains(.calls))
    comparison.repeats = repeats
    if let timeout { comparison.timeout = .milliseconds(Int(timeout * 1000)) }
    if let jobs { comparison.jobs = jobs }
    comparison.costLimits = ResourceLimits(
      time: limitTime, memory: limitMemory, calls: limitCalls, latency: latency)
    return comparison
  }

  /// The limit of latencies. A user who names the channel asks for its verdict.
  private var latency: Int? {
    let isNamed = channels?.split(separator: ",").contains { $0 == Channel.time.rawValue } ?? false
    return limitLatency ?? (isNamed ? Limits.latency : nil)
  }

  /// The command line options that repeat the comparison, except the number of parallel runs.
  var replayArguments: [String] {
    var words = repeats == 1 ? [] : ["--repeat", "\(repeats)"]
    if let timeout { words += ["--timeout", "\(timeout)"] }
    if let channels { words += ["--channels", channels] }
    if strictCalls { words.append("--strict-calls") }
    words += leftEnv.flatMap { ["--left-env", $0] } + rightEnv.flatMap { ["--right-env", $0] }
    return words + file.flatMap { ["--file", $0] } + judgingArguments
  }

  /// Those of them that a bundle does not contain in another form.
  var bundledArguments: [String] {
    var options = self
    (options.masks, options.leftEnv, options.rightEnv) = (nil, [], [])
    return options.replayArguments
  }

  /// The options that decide what is a difference, and that the file of a scenario does not contain.
  var judgingArguments: [String] {
    var words = masks.map { ["--masks", $0] } ?? []
    for (option, limit) in [("time", limitTime), ("memory", limitMemory), ("calls", limitCalls)] {
      if let limit { words += ["--limit-\(option)", "\(limit)"] }
    }
    if let latency { words += ["--limit-latency", "\(latency)"] }
    return words
  }

  static func channels(_ list: String) throws -> [Channel] {
    try list.split(separator: ",").map { name in
      guard let channel = Channel(rawValue: String(name)) else {
        let allowed = Channel.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--channels has no \"\(name)\"; allowed: \(allowed)")
      }
      return channel
    }
  }
}
