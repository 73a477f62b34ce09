import ArgumentParser
import ParityKit

struct ScenariosCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenarios",
    abstract: "Print the bundled scenarios, to read or to adapt them.",
    discussion: """
      EXAMPLES
        parity scenarios                          the name and a summary of each
        parity scenarios --role client --yaml     all of them as YAML
        parity scenarios --folder mine            each as a file, for --scenario mine
        parity scenarios --protocol http          those of --protocol http as YAML, for --scenario
      """)

  @Option(
    help: ArgumentHelp("The role: \(CompareCommand.roles). (default: server)", valueName: "role"),
    transform: CompareCommand.role)
  var role: Role = .server

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp(
      "The protocol whose scenarios are printed, as YAML: "
        + "\(WireProtocol.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "name"),
    transform: Self.named)
  var wireProtocol: WireProtocol?

  @Flag(help: "Print the scenarios as YAML.")
  var yaml = false

  @Option(help: ArgumentHelp("Write each scenario to a file in this folder, which must exist.", valueName: "folder"))
  var folder: String?

  func validate() throws {
    guard wireProtocol == nil || role == .server else { throw ValidationError("--protocol is for servers") }
  }

  func run() throws {
    let all = wireProtocol?.scenarios ?? Scenario.bundled(for: role)
    if let folder {
      for scenario in all { try Terminal.write(scenario.yaml, to: "\(folder)/\(scenario.name).yaml") }
    } else if yaml || wireProtocol != nil {
      Terminal.print(all.map(\.yaml).joined(separator: "---\n"))
    } else {
      for scenario in all { Terminal.print("\(scenario.name): \(scenario.about ?? "")\n") }
    }
  }

  private static func named(_ name: String) throws -> WireProtocol {
    guard let named = WireProtocol(rawValue: name) else {
      throw ValidationError("allowed: \(WireProtocol.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return named
  }
}
