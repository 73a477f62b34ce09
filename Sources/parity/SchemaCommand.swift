import ArgumentParser
import ParityKit

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of a format.",
    discussion: """
      EXAMPLES
        parity schema scenario > scenario.schema.json     for an editor that checks and completes YAML
        parity schema report                              the format of --json
        parity schema grid                                the format of --json of parity grid
        parity schema vote                                the format of --json of parity vote
        parity schema bundle                              manifest.json in a file that --bundle has written
        parity schema transcript                          each file of transcripts/ in it
        parity schema verification                        the format of --json of parity verify
        parity schema self                                the format of --json of parity self
      """)

  @Argument(
    help: "The format: scenario, report, grid, vote, bundle, transcript, verification or self.", transform: Self.schema)
  var schema: String

  func run() { Terminal.print(schema) }

  private static func schema(_ name: String) throws -> String {
    switch name {
    case "scenario": return Schema.scenario
    case "report": return Schema.report
    case "grid": return Schema.grid
    case "vote": return Schema.vote
    case "bundle": return Schema.bundle
    case "transcript": return Schema.transcript
    case "verification": return Schema.verification
    case "self": return Schema.selfReport
    default: throw ValidationError("allowed: scenario, report, grid, vote, bundle, transcript, verification, self")
    }
  }
}
