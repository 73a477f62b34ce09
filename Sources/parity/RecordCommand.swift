import ArgumentParser
import ParityKit

struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Record a session between clients and a server as a scenario.",
    discussion: """
      parity is a proxy between the clients and the server: it forwards bytes, half-closes and resets in both \
      directions. On SIGINT or SIGTERM, or when --connections have ended, it writes the session as a scenario for \
      parity compare --scenario. The scenario keeps the order of events across connections, but not their timing, nor \
      how the data was split.

      EXAMPLES
        parity record --listen tcp:127.0.0.1:6000 --forward tcp:127.0.0.1:5000 --output session.yaml
        parity record --listen unix:/tmp/in --forward unix:/run/server.sock --connections 1 -o session.yaml
        parity compare --left 'old-server {port}' --right 'new-server {port}' --scenario session.yaml

      Port 0 selects a free port; standard error shows the endpoint. Every host that can reach this endpoint can reach \
      the server. With 127.0.0.1 only local programs can.

      EXIT STATUS
        0 written; 2 can't listen, no connection arrived, or the session was too long; 64 wrong usage
      """)

  @Option(help: ArgumentHelp("The endpoint to which clients connect.", valueName: "endpoint"), transform: Self.endpoint)
  var listen: Endpoint

  @Option(help: ArgumentHelp("The endpoint of the server.", valueName: "endpoint"), transform: Self.endpoint)
  var forward: Endpoint

  @Option(name: .shortAndLong, help: ArgumentHelp("The file for the scenario.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("Stop when this number of connections has ended.", valueName: "n"))
  var connections: Int?

  func validate() throws {
    guard connections ?? 1 >= 1 else { throw ValidationError("--connections must be greater than 0") }
  }

  func run() throws {
    guard let stop = StopSignal() else { throw ValidationError("no descriptor is free") }
    stop.watch()
    let recorder: Recorder
    do {
      recorder = try Recorder(listen: listen, forward: forward)
    } catch {
      Terminal.printError("\(error)\n")
      throw ExitCode(Verdict.notJudged.rawValue)
    }
    Terminal.printError("listening \(recorder.endpoint)\n")
    let session = recorder.run(until: stop, connections: connections) { Terminal.printError("\($0)\n") }
    guard !session.isEmpty else {
      Terminal.printError("no connection arrived, so nothing was written\n")
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
