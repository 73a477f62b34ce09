import Glibc
import ParityKit
import Testing

/// The steps from the originals in C to Swift, in `Sources/Originals`.
enum Originals {
  static let root = "\(Script.repository)/Sources/Originals"
  static let built = "\(Script.repository)/.build/originals"

  /// The programs with functions, from C to Swift.
  static let steps = ["callable", "packaged", "wrapped", "ported", "swapped", "pure"]

  static let pairs: [(String, String)] = Array(zip(steps, steps.dropFirst()))

  /// The scenarios to play: all of the judge, or those that reach each part of these programs.
  static let servers = isLong ? [] : ["send-a-line", "bytes-0-to-255", "split-at-3", "reset-amid-data", "port-taken"]
  static let clients = isLong ? [] : ["answers", "bytes-0-to-255", "dribbles", "resets-amid-an-answer", "refused"]
  private static let isLong = unsafe getenv("DIPTYCH_LONG") != nil

  /// Builds each step once: the first two with cc alone.
  private static let build = Task {
    let programs = ["greeting_client", "message_server", "message_client"]
    let printed = programs.map { "cc -w -o '\(built)/\($0)' '\(root)/1-printed/\($0).c'" }.joined(separator: " && ")
    _ = try await Script.output(
      "sh",
      [
        "-ec",
        """
        swift build --package-path '\(root)' --scratch-path '\(built)' >&2
        \(printed)
        cc -std=c17 -Wall -Wextra -Werror -I'\(root)/2-callable/include' -o '\(built)/callable' '\(root)'/2-callable/*.c
        """,
      ])
  }

  /// The command of a role of a step: greeting-server, greeting-client, message-server or message-client.
  static func command(_ step: String, _ role: String) async throws -> Program {
    try await build.value
    let folder = step == "callable" || step == "printed" ? built : "\(built)/debug"
    let isClient = role.hasSuffix("client")
    let place = isClient && role.hasPrefix("message") ? "{host} {port}" : "{port}"
    guard step == "printed" else { return try Program("\(folder)/\(step) \(role) \(place)") }
    let name = role.replacing("-", with: "_")
    if role.hasPrefix("message") { return try Program("\(folder)/\(name) \(place)") }
    // The port of the greeting is a constant of the program, so each run compiles it anew.
    return try Program("sh -c 'cc -w -DPORT={port} -o ./program \(root)/1-printed/\(name).c && exec ./program'")
  }

  static func comparison(
    _ left: String, _ right: String, _ role: String, _ scenarios: [String]
  ) async throws -> Comparison {
    let kind: Role = role.hasSuffix("client") ? .client : .server
    let bundled = Scenario.bundled(for: kind).filter { scenarios.isEmpty || scenarios.contains($0.name) }
    try #require(bundled.count == scenarios.count || scenarios.isEmpty, "a scenario of \(scenarios) is missing")
    var comparison = Comparison(
      try await command(left, role), try await command(right, role), role: kind, scenarios: bundled)
    comparison.strictCalls = true
    return comparison
  }
}
