internal import SystemPackage

/// One server and one client that talked to each other, once.
public struct PairRun: Hashable, Sendable {
  public internal(set) var server = Transcript()
  public internal(set) var client = Transcript()

  /// Starts the server, then the client at it, gives the client its input and the end of it, and waits until the client
  /// has ended, on the calling thread. The server has a moment to end as well. Nothing of both is left afterwards.
  /// `greeting` is what a server prints once it can be talked to, that listens at no socket.
  public init(
    _ server: Program, _ client: Program, input: Payload, greeting: String? = nil, timeout: Duration = .seconds(10)
  ) {
    self = System.withoutSIGPIPE { Self.play(server, client, input.bytes, greeting, timeout) }
  }

  private init() {}

  private static func play(
    _ server: Program, _ client: Program, _ input: [UInt8], _ greeting: String?, _ timeout: Duration
  ) -> PairRun {
    var pairing = PairRun()
    let serving: ScenarioRun
    do throws(Errno) {
      serving = try ScenarioRun(server, role: .server, timeout: timeout, greeting: greeting)
    } catch {
      pairing.server.trouble = "no place to run in: \(error)"
      return pairing
    }
    let talking = ScenarioRun(client, role: .client, beside: serving)
    do throws(ScenarioRun.Stopped) {
      try serving.start(ExecutionPlan(Scenario("", steps: [])))
      pairing.converse(serving, talking, input)
    } catch {
      if case .didNotStart(let why) = error { pairing.server.trouble = why }
    }
    for stage in [talking, serving] {
      let exits = (stage.earlier + [stage.process].compactMap(\.self)).map(\.exit)
      stage.end()
      if stage.role == .client { pairing.client.exits = exits } else { pairing.server.exits = exits }
    }
    serving.collect(&pairing.server)
    talking.collect(&pairing.client)
    return pairing
  }

  private mutating func converse(_ serving: ScenarioRun, _ talking: ScenarioRun, _ input: [UInt8]) {
    do throws(Errno) {
      try talking.launch(hasInput: true)
    } catch {
      client.trouble = "\(talking.program.words[0]): \(error)"
      return
    }
    talking.process?.input(input)
    talking.process?.endInput()
    switch talking.wait(rest: .milliseconds(Limits.pairRest), until: { talking.process?.hasEnded ?? true }) {
    case .met: _ = serving.wait(rest: .milliseconds(Limits.parting)) { serving.process?.hasEnded ?? true }
    case .rested: client.hang = "neither side does anything any more, and the client has not ended"
    case .late: client.hang = "the client has not ended within \(talking.timeout)"
    }
  }

  var trouble: String? {
    server.trouble.map { "the server did not start: \($0)" } ?? client.trouble.map { "the client did not start: \($0)" }
  }

  var hang: String? { client.hang }
}
