extension Scenario {
  static let keys = ["name", "role", "about", "replay", "steps"]

  /// Reads a scenario. `file` names it in errors; files to send are relative to its folder.
  public init(yaml: String, file: String = "scenario.yaml") throws(InputError) {
    try self.init(try YAMLValue(parsing: yaml, file: file))
  }

  private init(_ whole: YAMLValue) throws(InputError) {
    let fields = try whole.fields("a scenario", Self.keys)
    guard let steps = fields["steps"] else { throw whole.refused("a scenario needs steps", allowed: Self.keys) }
    name = try fields["name"]?.text("name") ?? stem(of: whole.file)
    role = try fields["role"]?.choice("role", Role.self) ?? .server
    about = try fields["about"]?.text("about")
    replay = try fields["replay"].map(ReplayRecipe.init)
    var check = ScenarioCheck(role)
    self.steps = try Step.list(steps, &check)
    if Step.count(self.steps) > Limits.steps {
      throw steps.refused("a scenario has at most \(Limits.steps) steps, counting repetitions")
    }
  }

  /// Reads a file, or every `.yaml` and `.yml` file of a folder, sorted by name. A file may have several documents.
  public static func load(_ path: String) throws(InputError) -> [Scenario] {
    if System.kind(of: path) == .folder || System.kind(of: path + "/.") == .folder {
      let names = System.names(in: path).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
      if names.isEmpty { throw InputError(file: path, line: nil, what: "no .yaml file in this folder", allowed: []) }
      var all: [Scenario] = []
      for name in names { all += try load("\(path)/\(name)") }
      return all
    }
    guard let text = System.text(of: path) else {
      throw InputError(file: path, line: nil, what: "can't be read", allowed: [])
    }
    var all: [Scenario] = []
    for document in try YAMLValue.documents(of: text, file: path) { all.append(try Scenario(document)) }
    return all
  }
}

/// The last component of a path without its extension.
private func stem(of path: String) -> String {
  let name = path.split(separator: "/").last ?? ""
  return String(name.lastIndex(of: ".").map { name[..<$0] } ?? name)
}

extension Step {
  static let keys = [
    "start", "occupy", "connect", "listen", "accept", "send", "half-close", "close", "reset", "receive", "input",
    "signal", "wait-for-exit", "settle", "repeat",
  ]

  static func list(_ entry: YAMLValue, _ check: inout ScenarioCheck) throws(InputError) -> [Step] {
    var steps: [Step] = []
    for entry in try entry.list("steps") {
      let step = try Step(entry, &check)
      do throws(ScenarioCheck.Problem) {
        try check.note(step)
      } catch {
        throw entry.refused(error.what, allowed: error.allowed)
      }
      steps.append(step)
    }
    return steps
  }

  /// The number of steps, including repetitions.
  static func count(_ steps: [Step]) -> Int {
    steps.reduce(0) { sum, step in
      guard case .repeated(let times, let inner) = step else { return sum + 1 }
      return min(sum + times * count(inner), Limits.steps + 1)
    }
  }

  init(_ entry: YAMLValue, _ check: inout ScenarioCheck) throws(InputError) {
    if !entry.isMapping {
      switch try entry.text("a step") {
      case "start": self = .start
      case "occupy": self = .occupy
      case "listen": self = .listen()
      case "wait-for-exit": self = .waitForExit()
      case "settle": self = .settle()
      case let other: throw entry.refused("unknown step \"\(other)\"", allowed: Self.keys)
      }
      return
    }
    let (key, value) = try entry.single("a step", Self.keys)
    switch key {
    case "start": self = .start
    case "occupy": self = .occupy
    case "connect": self = try Self.joining(value, "connect") { .connect($0, $1) }
    case "accept": self = try Self.joining(value, "accept") { .accept($0, $1) }
    case "listen":
      let fields = try value.fields("listen", ["backlog"])
      self = .listen(backlog: try fields["backlog"]?.number("backlog", 0...4096) ?? Limits.backlog)
    case "send": self = try Self.sending(value)
    case "half-close": self = .halfClose(try value.text("half-close"))
    case "close": self = .close(try value.text("close"))
    case "reset": self = .reset(try value.text("reset"))
    case "receive": self = try Self.receiving(value)
    case "input":
      if !value.isMapping, try value.text("input") == "end" {
        self = .endInput
      } else {
        self = .input(try Payload(value.fields("input", Payload.keys), of: value))
      }
    case "signal": self = .signal(try value.signal())
    case "wait-for-exit":
      let fields = try value.fields("wait-for-exit", ["within"])
      self = .waitForExit(within: try fields["within"]?.milliseconds("within"))
    case "settle": self = .settle(milliseconds: try value.milliseconds("settle"))
    default:
      let fields = try value.fields("repeat", ["times", "steps"])
      guard let times = fields["times"], let steps = fields["steps"] else {
        throw value.refused("repeat needs times and steps")
      }
      self = .repeated(times: try times.number("times", 1...Limits.steps), try Step.list(steps, &check))
    }
  }

  private static func joining(
    _ entry: YAMLValue, _ name: String, _ make: (String, Manner) -> Step
  ) throws(InputError) -> Step {
    if !entry.isMapping { return make(try entry.text(name), Manner()) }
    let fields = try entry.fields(name, ["peer", "window", "reads"])
    let window = try fields["window"]?.number("window", 1...(1 << 30))
    return make(
      try peer(fields, entry), Manner(window: window, reads: try fields["reads"]?.flag("reads") ?? true))
  }

  private static func peer(_ fields: [String: YAMLValue], _ entry: YAMLValue) throws(InputError) -> String {
    guard let peer = fields["peer"] else { throw entry.refused("the peer is missing: peer: NAME") }
    return try peer.text("peer")
  }

  private static func sending(_ entry: YAMLValue) throws(InputError) -> Step {
    let fields = try entry.fields("send", ["peer"] + Payload.keys + ["split", "pause", "urgent"])
    var pieces = Pieces()
    if let split = fields["split"] {
      if !split.isList {
        let word = try split.text("split")
        guard word == "every-byte" else {
          throw split.refused("split can't be \"\(word)\"", allowed: ["every-byte", "a list of offsets"])
        }
        pieces.cut = .everyByte
      } else {
        var offsets: [Int] = []
        for offset in try split.list("split") { offsets.append(try offset.number("an offset", 1...Limits.payload)) }
        pieces.cut = .at(offsets)
      }
    }
    pieces.pause = try fields["pause"]?.milliseconds("pause") ?? 0
    pieces.urgent = try fields["urgent"]?.flag("urgent") ?? false
    return .send(try peer(fields, entry), try Payload(fields, of: entry), pieces)
  }

  private static func receiving(_ entry: YAMLValue) throws(InputError) -> Step {
    let wanted = ["count", "pattern", "regex", "until", "nothing"]
    let fields = try entry.fields("receive", ["peer", "within", "capture"] + wanted)
    guard wanted.filter({ fields[$0] != nil }).count == 1 else {
      throw entry.refused("receive needs exactly one of these", allowed: wanted)
    }
    let expectation: Expectation
    if let count = fields["count"] {
      expectation = .count(try count.number("count", 1...Limits.received))
    } else if let pattern = fields["pattern"] {
      expectation = .pattern(try pattern.text("pattern"))
    } else if let regex = fields["regex"] {
      expectation = .regex(try regex.text("regex"))
    } else if let nothing = fields["nothing"] {
      expectation = .nothing(milliseconds: try nothing.milliseconds("nothing"))
    } else {
      let word = try fields["until"]?.text("until") ?? ""
      guard word == "end" else { throw entry.refused("until can't be \"\(word)\"", allowed: ["end"]) }
      expectation = .end
    }
    let captures = try fields["capture"]?.captures() ?? []
    return .receive(
      try peer(fields, entry), expectation, within: try fields["within"]?.milliseconds("within"), capture: captures)
  }
}

extension YAMLValue {
  /// Names and expressions of values; each is checked at its line.
  fileprivate func captures() throws(InputError) -> [Capture] {
    let pairs = try pairs("capture")
    guard 1...Limits.captures ~= pairs.count else {
      throw refused("capture has \(pairs.count) names", allowed: ["1 to \(Limits.captures)"])
    }
    var captures: [Capture] = []
    for (name, regex) in pairs {
      captures.append(Capture(try name.text("a name"), try regex.text("a regular expression")))
      if let problem = captures.last?.problem { throw regex.refused(problem) }
    }
    return captures
  }

  /// A signal's name, with or without `SIG`.
  fileprivate func signal() throws(InputError) -> Signal {
    let name = try text("signal")
    if name.hasPrefix("SIG"), let signal = Signal(rawValue: String(name.dropFirst(3))) { return signal }
    return try choice("signal", Signal.self)
  }

  fileprivate func milliseconds(_ what: String) throws(InputError) -> Int { try number(what, 0...3_600_000) }
}
