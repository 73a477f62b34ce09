import ArgumentParser
import ParityKit

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of a scenario, of the JSON report, or of a grid's.",
    discussion: """
      EXAMPLES
        parity schema scenario > scenario.schema.json     for an editor that checks and completes YAML
        parity schema report                              what --json writes
        parity schema grid                                what grid's --json writes
      """)

  @Argument(help: "scenario, report or grid.", transform: Self.schema)
  var schema: String

  func run() { Terminal.print(schema) }

  private static func schema(_ name: String) throws -> String {
    switch name {
    case "scenario": return Schema.scenario
    case "report": return Schema.report
    case "grid": return Schema.grid
    default: throw ValidationError("allowed: scenario, report, grid")
    }
  }
}
