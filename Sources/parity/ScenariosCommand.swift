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
      """)

  @Option(
    help: ArgumentHelp("The role: \(CompareCommand.roles). (default: server)", valueName: "role"),
    transform: CompareCommand.role)
  var role: Role = .server

  @Flag(help: "Print the scenarios as YAML.")
  var yaml = false

  @Option(help: ArgumentHelp("Write each scenario to a file in this folder, which must exist.", valueName: "folder"))
  var folder: String?

  func run() throws {
    let all = Scenario.bundled(for: role)
    if let folder {
      for scenario in all { try Terminal.write(scenario.yaml, to: "\(folder)/\(scenario.name).yaml") }
    } else if yaml {
      Terminal.print(all.map(\.yaml).joined(separator: "---\n"))
    } else {
      for scenario in all { Terminal.print("\(scenario.name): \(scenario.about ?? "")\n") }
    }
  }
}
