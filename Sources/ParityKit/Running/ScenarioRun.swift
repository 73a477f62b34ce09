internal import SystemPackage

/// One program in one scenario, once: it prepares a sandbox, starts the program, plays the steps, collects what the
/// program did, and removes everything. It runs on one thread.
final class ScenarioRun {
  let role: Role
  let sandbox: RunSandbox
  let processes: ProgramProcesses
  let peers = PeerTable()
  let loop: RunLoop
  let lifecycle: ProgramLifecycle

  /// Prepares a run. `readyText` is what a server prints when it is ready; nil: it listens at its port or path. With
  /// `isTraced`, strace reports the program's calls.
  init(
    _ program: Program, role: Role, timeout: Duration, readyText: String? = nil, isTraced: Bool = false
  ) throws(Errno) {
    self.role = role
    sandbox = try RunSandbox(hasUpstream: role == .proxy)
    try sandbox.supply(program.files)
    processes = ProgramProcesses(
      program, in: sandbox, mark: "PARITY_RUN=\(sandbox.folder)", calls: CallRecorder(isEnabled: isTraced))
    loop = RunLoop(processes, peers, timeout: timeout, partner: nil)
    lifecycle = ProgramLifecycle(processes, peers, loop, role: role, readyText: readyText)
  }

  /// Prepares a run of a program that communicates with another run's program, in the same sandbox.
  init(_ program: Program, role: Role, beside partner: ScenarioRun) throws(Errno) {
    self.role = role
    sandbox = partner.sandbox
    try sandbox.supply(program.files.filter { !partner.processes.program.files.contains($0) })
    processes = ProgramProcesses(
      program, in: sandbox, mark: "PARITY_RUN=\(sandbox.folder)#\(role.rawValue)",
      calls: CallRecorder(isEnabled: false))
    (processes.hasPartner, partner.processes.hasPartner) = (true, true)
    loop = RunLoop(processes, peers, timeout: partner.loop.timeout, partner: partner.loop)
    lifecycle = ProgramLifecycle(processes, peers, loop, role: role, readyText: nil)
  }

  /// Plays a scenario to its end, and returns what the program did. Nothing of the run is left afterwards. Before a
  /// silence counts, the program is awaited for what the other side has shown.
  func play(_ scenario: Scenario, awaiting awaited: Awaited? = nil, within budget: Budget) -> Transcript {
    var transcript = Transcript()
    loop.budget = budget
    if let problem = scenario.problem {
      transcript.trouble = problem
      return transcript
    }
    let objects = ProcFS.sharedObjects()
    let waiting = Waiting(processes, peers, loop, role, awaited)
    let player = StepPlayer(ExecutionPlan(scenario), processes, peers, loop, lifecycle, waiting)
    do throws(RunStop) { try player.play() } catch { transcript.note(error) }
    transcript.vacuous = player.vacuous
    transcript.captured = player.captured.values.mapValues { visible($0[...]) }
    let names = RunNames(sandbox, peers)
    func listLeftovers() {
      transcript.files = sandbox.leftFiles(names)
      transcript.leftovers = player.ready.list(processes, names, transcript.files, isServer: role.listens)
    }
    waiting.await("the end") {
      listLeftovers()
      return transcript.leftovers.count
    }
    listLeftovers()
    waiting.note("the end", left: transcript.leftovers.count)
    transcript.isUnfinished = loop.isUnfinished
    loop.forgetBudget()
    player.stopwatch.collect()
    transcript.latencies = player.stopwatch.latencies
    (transcript.milestones, transcript.vain) = (waiting.milestones, waiting.vain)
    if loop.isBurning { transcript.leftovers.append("a process that uses the processor and moves nothing") }
    transcript.exits = exits
    transcript.sharedObjects = ProcFS.sharedObjects().subtracting(objects)
    lifecycle.end()
    transcript.connections = peers.connections.map(\.record)
    collect(&transcript)
    if processes.calls.isEnabled { collectCalls(&transcript) }
    return transcript
  }

  /// Starts the program as a scenario without steps does, and ends it. Returns what it has when it rests, or why it did
  /// not start.
  func tryStart() -> (resting: RestingState?, trouble: String?) {
    defer { lifecycle.end() }
    if role == .proxy, let upstream = sandbox.upstreamAddress { peers.listen(at: upstream, backlog: Limits.backlog) }
    do throws(RunStop) {
      _ = try lifecycle.start(ExecutionPlan(Scenario("start", role: role, steps: [])))
    } catch {
      if case .didNotStart(let reason) = error { return (nil, reason) }
    }
    guard role.listens else { return (nil, nil) }
    loop.settle(Limits.started)
    return (Leftovers.state(of: processes, RunNames(sandbox, peers)), nil)
  }

  /// How each start of the program has ended so far.
  var exits: [Exit] { processes.exits }

  /// Adds what the program printed and used, over all its starts.
  func collect(_ transcript: inout Transcript) {
    let names = RunNames(sandbox, peers)
    for process in processes.all {
      transcript.output += process.output
      transcript.error += process.error
      transcript.cost.processorTime += process.ending?.processorTime ?? .zero
      // What wait(2) reports is at least the judge's own memory at the start.
      let peak = process.ending?.peakMemory ?? 0
      transcript.cost.peakMemory = max(transcript.cost.peakMemory, peak > System.peakMemory ? peak : 0)
    }
    transcript.cost.peakMemory = max(transcript.cost.peakMemory, processes.peakMemory)
    transcript.output = names.masked(transcript.output)
    transcript.error = names.masked(transcript.error)
    transcript.ports = names.ports
  }

  private func collectCalls(_ transcript: inout Transcript) {
    _ = loop.wait(for: Limits.reaping) { processes.calls.isComplete }
    let connected = peers.connections.filter { $0.record.events.first == .connected }.map(\.record.name)
    let setting = CallSetting(
      host: sandbox.host, port: sandbox.port, upstream: sandbox.upstreamPort, socket: sandbox.socket,
      folder: sandbox.folder,
      standards: processes.all.map(\.standards), connections: connected, labels: peers.labels)
    processes.calls.collect(setting, RunNames(sandbox, peers), into: &transcript)
  }
}

extension Transcript {
  /// Notes why the scenario was not played to its end.
  fileprivate mutating func note(_ stop: RunStop) {
    switch stop {
    case .didNotStart(let reason): trouble = reason
    case .hung(let step): hang = step
    case .late, .searchedTooLong, .unfinished: break
    }
  }
}
