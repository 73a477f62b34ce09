internal import SystemPackage

/// One conversation of one server with one client.
public struct PairRun: Hashable, Sendable {
  public internal(set) var server = Transcript()
  public internal(set) var client = Transcript()

  /// Starts the server and then the client, gives the client its input, and waits until the client has ended, on the
  /// calling thread. The server gets a moment to end as well. Nothing of either is left afterwards.
  ///
  /// - Parameter readyText: What a server prints when it is ready, if it does not listen on a socket.
  public init(
    _ server: Program, _ client: Program, input: Payload, readyText: String? = nil, timeout: Duration = .seconds(10)
  ) {
    self = System.withoutSIGPIPE { Self.play(server, client, input.bytes, readyText, timeout) }
  }

  private init() {}

  private static func play(
    _ server: Program, _ client: Program, _ input: [UInt8], _ readyText: String?, _ timeout: Duration
  ) -> PairRun {
    var pair = PairRun()
    let (serverRun, clientRun): (ScenarioRun, ScenarioRun)
    do throws(Errno) {
      serverRun = try ScenarioRun(server, role: .server, timeout: timeout, readyText: readyText)
      clientRun = try ScenarioRun(client, role: .client, beside: serverRun)
    } catch {
      pair.server.trouble = "no folder or port to run in: \(error)"
      return pair
    }
    do throws(RunStop) {
      _ = try serverRun.lifecycle.start(ExecutionPlan(Scenario("", steps: [])))
      pair.playClient(serverRun, clientRun, input)
    } catch {
      if case .didNotStart(let reason) = error { pair.server.trouble = reason }
    }
    for run in [clientRun, serverRun] {
      let exits = run.exits
      run.lifecycle.end()
      if run.role == .client { pair.client.exits = exits } else { pair.server.exits = exits }
    }
    serverRun.sandbox.group.kill()
    serverRun.collect(&pair.server)
    clientRun.collect(&pair.client)
    return pair
  }

  private mutating func playClient(_ serverRun: ScenarioRun, _ clientRun: ScenarioRun, _ input: [UInt8]) {
    do throws(Errno) {
      try clientRun.lifecycle.launch(hasInput: true)
    } catch {
      client.trouble = "\(clientRun.processes.program.words[0]): \(error)"
      return
    }
    clientRun.processes.current?.input(input)
    clientRun.processes.current?.endInput()
    switch clientRun.loop.wait(
      rest: .milliseconds(Limits.pairRest), until: { clientRun.processes.current?.hasEnded ?? true })
    {
    case .met:
      _ = serverRun.loop.wait(rest: .milliseconds(Limits.serverExit)) { serverRun.processes.current?.hasEnded ?? true }
    case .rested: client.hang = "both sides are idle, and the client has not ended"
    case .late: client.hang = "the client has not ended within \(clientRun.loop.timeout)"
    }
  }

  var trouble: String? {
    server.trouble.map { "the server did not start: \($0)" } ?? client.trouble.map { "the client did not start: \($0)" }
  }

  var hang: String? { client.hang }
}
