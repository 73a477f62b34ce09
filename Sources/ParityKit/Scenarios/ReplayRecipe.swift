/// The two programs and options with which a scenario showed a difference, so that its file alone can show it again.
public struct ReplayRecipe: Hashable, Sendable {
  public var left: Program
  public var right: Program
  public var channels: [Channel]
  /// Milliseconds for one step.
  public var timeout: Int
  /// The seed and the number of a generated scenario.
  public var seed: Int?
  public var run: Int?

  public init(_ left: Program, _ right: Program, channels: [Channel], timeout: Int, seed: Int? = nil, run: Int? = nil) {
    (self.left, self.right, self.channels, self.timeout) = (left, right, channels, timeout)
    (self.seed, self.run) = (seed, run)
  }

  static let keys = [
    "left", "right", "left-env", "right-env", "left-files", "right-files", "channels", "timeout", "seed", "run",
  ]

  init(_ entry: YAMLValue) throws(InputError) {
    let fields = try entry.fields("replay", Self.keys)
    guard let left = fields["left"], let right = fields["right"] else {
      throw entry.refused("replay needs left and right", allowed: Self.keys)
    }
    self.left = try Self.program(left, fields["left-env"], fields["left-files"])
    self.right = try Self.program(right, fields["right-env"], fields["right-files"])
    channels = Channel.allCases
    if let list = fields["channels"] {
      channels = []
      for channel in try list.list("channels") { channels.append(try channel.choice("a channel", Channel.self)) }
    }
    timeout = try fields["timeout"]?.number("timeout", 1...3_600_000) ?? Limits.timeout
    seed = try fields["seed"]?.number("seed", 0...Int.max)
    run = try fields["run"]?.number("run", 1...Int.max)
  }

  private static func program(
    _ command: YAMLValue, _ environment: YAMLValue?, _ files: YAMLValue?
  ) throws(InputError) -> Program {
    var (entries, options) = ([String](), [String]())
    for file in try files?.list("the files") ?? [] { options.append(try file.text("PATH or PATH=NAME")) }
    for entry in try environment?.list("the environment") ?? [] { entries.append(try entry.text("NAME=value")) }
    let line = try command.text("a command")
    let supplied = try SuppliedFile.list(options)
    do throws(Program.Malformed) {
      var program = try Program(line, environment: Program.environment(entries))
      program.files = supplied
      return program
    } catch {
      throw command.refused(error.description)
    }
  }

  /// The YAML lines below the key `replay`.
  var lines: [String] {
    var lines = ["left: \(doubleQuoted(left.description))", "right: \(doubleQuoted(right.description))"]
    for (key, program) in [("left-env", left), ("right-env", right)] where !program.environment.isEmpty {
      lines.append("\(key): [\(program.entries.map(doubleQuoted).joined(separator: ", "))]")
    }
    for (key, program) in [("left-files", left), ("right-files", right)] where !program.files.isEmpty {
      lines.append("\(key): [\(program.files.map(\.option).map(doubleQuoted).joined(separator: ", "))]")
    }
    lines.append("channels: [\(channels.map(\.rawValue).joined(separator: ", "))]")
    if timeout != Limits.timeout { lines.append("timeout: \(timeout)") }
    if let seed { lines.append("seed: \(seed)") }
    if let run { lines.append("run: \(run)") }
    return lines
  }
}

extension Program {
  /// The added environment, as `NAME=value`.
  var entries: [String] { environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } }

  /// Parses entries of the form `NAME=value`.
  public static func environment(_ entries: [String]) throws(Malformed) -> [String: String] {
    var environment: [String: String] = [:]
    for entry in entries {
      guard let equals = entry.firstIndex(of: "="), equals > entry.startIndex else {
        throw Malformed(description: "\"\(entry)\" is not of the form NAME=value")
      }
      environment[String(entry[..<equals])] = String(entry[equals...].dropFirst())
    }
    return environment
  }
}
