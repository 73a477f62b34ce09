import ArgumentParser
import ParityKit

struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Stand between clients and a server, and keep what they do as a scenario.",
    discussion: """
      Clients come to where it listens, and are passed on: bytes, half-closes and resets, both ways. At SIGINT or SIGTERM, \
      or after --connections have ended, the session is written, for parity compare --scenario. The order of what \
      happened is kept, across connections; how long it took, and how bytes were cut, is not.

      EXAMPLES
        parity record --listen tcp:127.0.0.1:6000 --forward tcp:127.0.0.1:5000 --output session.yaml
        parity record --listen unix:/tmp/in --forward unix:/run/server.sock --connections 1 -o session.yaml
        parity compare --left 'old-server {port}' --right 'new-server {port}' --scenario session.yaml

      Port 0 takes a free one; where it listens is said on standard error. Whoever can come to that address can talk to \
      the server: 127.0.0.1 lets in nobody else.

      EXIT STATUS
        0 written; 2 can't listen, nothing came, or not all of it could be kept; 64 wrong usage
      """)

  @Option(help: ArgumentHelp("Where clients come.", valueName: "endpoint"), transform: Self.endpoint)
  var listen: Endpoint

  @Option(help: ArgumentHelp("Where the server is.", valueName: "endpoint"), transform: Self.endpoint)
  var forward: Endpoint

  @Option(name: .shortAndLong, help: ArgumentHelp("The scenario.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("End after so many connections have.", valueName: "n"))
  var connections: Int?

  func validate() throws {
    guard connections ?? 1 >= 1 else { throw ValidationError("--connections: more than nothing") }
  }

  func run() throws {
    guard let halt = StopSignal() else { throw ValidationError("no descriptor is left") }
    halt.watch()
    let recorder: Recorder
    do {
      recorder = try Recorder(listen: listen, forward: forward)
    } catch {
      Terminal.complain("\(error)\n")
      throw ExitCode(Verdict.notJudged.rawValue)
    }
    Terminal.complain("listening \(recorder.endpoint)\n")
    let session = recorder.run(until: halt, connections: connections) { Terminal.complain("\($0)\n") }
    guard !session.isEmpty else {
      Terminal.complain("no connection came: nothing is written\n")
      throw ExitCode(Verdict.notJudged.rawValue)
    }
    let name = output.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? "session"
    let scenario = session.scenario(name, about: "Recorded at \(forward).")
    try Terminal.write(scenario.yaml, to: output)
    if session.isCut { throw ExitCode(Verdict.notJudged.rawValue) }
  }

  private static func endpoint(_ text: String) throws -> Endpoint {
    do {
      return try Endpoint(text)
    } catch {
      throw ValidationError("\(error)")
    }
  }
}
