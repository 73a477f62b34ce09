import ParityKit
import Testing

/// `Tests/faulty`: a program with one fault, which its command line names.
enum FaultyProgram {
  static func program(_ fault: String, as role: Role = .server) async throws -> Program {
    Program(words: [try await Script.product("faulty"), role.rawValue, role == .filter ? "0" : "{port}", fault])
  }

  /// The number of its processes. Processes of another build do not count.
  static func processCount() async throws -> Int {
    let count = try await Script.output(
      "sh", ["-c", "pgrep -fc \"^$1 \" || true", "-", try await Script.product("faulty")])
    return try #require(Int(count.dropLast()))
  }

  /// Compares the program without a fault, on the left, with the program that has one. Most faults change the system
  /// calls as well, so these are compared only if a test asks for it.
  static func judge(
    _ fault: String, against other: String = "none", _ scenario: Scenario, timeout: Duration = .seconds(1),
    channels: [Channel] = [.wire, .output, .exit, .leftovers]
  ) async throws -> Report {
    var comparison = Comparison(
      try await program(other, as: scenario.role), try await program(fault, as: scenario.role), role: scenario.role,
      scenarios: [scenario])
    comparison.timeout = timeout
    comparison.channels = channels
    comparison.strictCalls = true
    return await comparison.run()
  }

  /// Compares several faults at once, because a comparison mostly waits. The reports have the order of the faults.
  static func judge(atOnce all: [(fault: String, scenario: Scenario)], against other: String = "none") async throws
    -> [Report]
  {
    try await withThrowingTaskGroup(of: (Int, Report).self) { group in
      for (index, (fault, scenario)) in all.enumerated() {
        group.addTask { (index, try await judge(fault, against: other, scenario)) }
      }
      return try await group.reduce(into: [(Int, Report)]()) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}

extension Report {
  func finding(_ channel: Channel) -> Finding? {
    results.first?.cells.first { $0.channel == channel }?.finding
  }

  /// The channels with a difference.
  var differingChannels: [Channel] {
    results.flatMap(\.cells).filter { $0.finding.difference != nil }.map(\.channel)
  }

  func difference(_ channel: Channel) -> Difference? { finding(channel)?.difference }
}

extension Scenario {
  /// A client sends a payload, half-closes and reads to the end.
  static func exchange(_ name: String = "exchange", _ payload: Payload = "hello\n") -> Scenario {
    Scenario(name, steps: [.connect("a"), .send("a", payload)] + end("a"))
  }

  static func end(_ peer: String) -> [Step] { [.halfClose(peer), .receive(peer, .end, within: 500), .close(peer)] }
}
