import ParityKit
import Subprocess
import SystemPackage
import Testing

/// What runs programs runs alone, so that what they leave behind can be counted.
@Suite(.serialized) enum Judge {}

/// The program that has a fault when asked for it.
enum FaultyProgram {
  /// The folder that holds the test binary, and the programs beside it.
  static func products() async throws -> FilePath {
    let shell = try await output("sh", ["-c", "readlink /proc/$PPID/exe"])
    return FilePath(String(shell.dropLast())).removingLastComponent()
  }

  static func output(_ command: String, _ arguments: [String]) async throws -> String {
    let result = try await run(
      .name(command), arguments: Arguments(arguments), output: .string(limit: 1 << 24),
      error: .string(limit: 1 << 20))
    try #require(result.terminationStatus.isSuccess, "\(command) \(arguments): \(result.standardError)")
    return result.standardOutput
  }

  static func program(_ fault: String, as role: Role = .server) async throws -> Program {
    let path = try await products().appending("faulty").string
    return Program(words: [path, role.rawValue, role == .filter ? "0" : "{port}", fault])
  }

  /// How many of its processes there are; those of another build are another's.
  static func left() async throws -> Int {
    let path = try await products().appending("faulty").string
    let count = try await output("sh", ["-c", "pgrep -fc \"^$1 \" || true", "-", path])
    return try #require(Int(count.dropLast()))
  }

  /// One without a fault on the left, and one with it on the right. Most faults show in the calls as well; who wants to
  /// see that asks for it.
  static func judge(
    _ fault: String, against other: String = "none", _ scenario: Scenario, timeout: Duration = .seconds(10),
    channels: [Channel] = [.wire, .output, .exit, .leftovers]
  ) async throws -> Report {
    var comparison = Comparison(
      try await program(other, as: scenario.role), try await program(fault, as: scenario.role), role: scenario.role,
      scenarios: [scenario])
    comparison.timeout = timeout
    comparison.channels = channels
    return await comparison.run()
  }
}

extension Report {
  func finding(_ channel: Channel) -> Finding? {
    judgements.first?.cells.first { $0.channel == channel }?.finding
  }

  /// The channels in which the sides part.
  var parted: [Channel] {
    judgements.flatMap(\.cells).filter { $0.finding.difference != nil }.map(\.channel)
  }

  func difference(_ channel: Channel) -> Difference? { finding(channel)?.difference }
}

extension Scenario {
  /// A client sends this, half-closes and reads to the end.
  static func talk(_ name: String = "talk", _ payload: Payload = "hello\n") -> Scenario {
    Scenario(name, steps: [.connect("a"), .send("a", payload)] + end("a"))
  }

  static func end(_ peer: String) -> [Step] { [.halfClose(peer), .receive(peer, .end, within: 500), .close(peer)] }
}
