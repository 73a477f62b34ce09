import ArgumentParser
import ParityKit

/// The options that select scenarios.
struct ScenarioOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A scenario file, or a folder of them; may be repeated. (default: the bundled scenarios)", valueName: "file"))
  var scenario: [String] = []

  @Option(
    help: ArgumentHelp("Run only the scenarios whose name contains this text; may be repeated.", valueName: "text"))
  var only: [String] = []

  /// Those that name files.
  var files: [String] { scenario.flatMap { ["--scenario", $0] } }

  /// The scenarios of a protocol, or the bundled ones if there are no files, and those of files; without those that the
  /// user does not want. Before a probe has chosen the protocol, the names of its scenarios are not known.
  func scenarios(_ role: Role, of named: WireProtocol? = nil, isProbing: Bool = false) throws -> [Scenario] {
    let own = named?.scenarios ?? (scenario.isEmpty ? Scenario.bundled(for: role) : [])
    let all = try own + Self.load(scenario)
    let isWanted = { (name: String) in isProbing || only.isEmpty || only.contains { name.contains($0) } }
    let chosen = all.filter { isWanted($0.name) }
    guard !chosen.isEmpty else {
      throw ValidationError("--only matches no scenario; allowed: \(all.map(\.name).joined(separator: ", "))")
    }
    if let other = chosen.first(where: { $0.role != role }) {
      throw ValidationError(
        "\(other.name) is a scenario for a \(other.role.rawValue); use --role \(other.role.rawValue)")
    }
    return chosen
  }

  static func load(_ paths: [String]) throws -> [Scenario] {
    do {
      return try paths.flatMap(Scenario.load)
    } catch let error as InputError {
      throw ValidationError(error.description)
    }
  }
}
