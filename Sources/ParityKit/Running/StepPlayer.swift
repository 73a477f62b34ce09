internal import SystemPackage

/// The steps of a run: plays each step of a scenario with the program and its peers.
final class StepPlayer {
  private let plan: ExecutionPlan
  private let processes: ProgramProcesses
  private let peers: PeerTable
  private let loop: RunLoop
  private let lifecycle: ProgramLifecycle
  private let waiting: Waiting
  let stopwatch: Stopwatch
  /// What the program had when it was ready.
  private(set) var ready = Leftovers()
  /// The steps that did nothing, with the reason: in a comparison they show nothing.
  private(set) var vacuous: [String] = []
  private(set) var captured = CapturedValues()
  private var number = 0
  /// The name of the last signal, in the name of a wait.
  private var lastSignal = ""

  init(
    _ plan: ExecutionPlan, _ processes: ProgramProcesses, _ peers: PeerTable, _ loop: RunLoop,
    _ lifecycle: ProgramLifecycle, _ waiting: Waiting
  ) {
    (self.plan, self.processes, self.peers, self.loop, self.lifecycle) = (plan, processes, peers, loop, lifecycle)
    (self.waiting, stopwatch) = (waiting, Stopwatch(processes, peers))
  }

  /// Plays all steps. Connections that are still open after the last one are recorded as open, and closed.
  func play() throws(RunStop) {
    for (number, step) in plan.steps {
      self.number = number
      do throws(RunStop) {
        try perform(step)
      } catch .late {
        throw loop.isUnfinished ? .unfinished : .hung("step \(number): \(step.flow)")
      } catch .searchedTooLong {
        throw .hung("step \(number): \(step.flow): the search of the expression takes too long")
      }
      if loop.isUnfinished { throw .unfinished }
    }
    rest()
    for peer in peers.connections where peer.isOpen {
      if peer.reads { peer.recordRest() }
      peer.close()
    }
    rest()
  }

  /// Waits until the program is idle at the end, or is known never to be.
  private func rest() { if !loop.isBurning { _ = loop.wait(rest: .milliseconds(Limits.finalRest)) } }

  /// Each step of a repetition is noted once.
  private func noteVacuous(_ step: Step, _ reason: String) {
    let text = "step \(number): \(step.flow): \(reason)"
    if !vacuous.contains(text) { vacuous.append(text) }
  }

  private func noteIfPeerHasLeft(_ step: Step) {
    guard let name = step.peer, peers[name]?.hasLeft ?? false else { return }
    switch step {
    case .connect, .accept: break
    default: noteVacuous(step, "the peer has closed the connection")
    }
  }

  private func perform(_ step: Step) throws(RunStop) {
    noteIfPeerHasLeft(step)
    if step.isStimulus { stopwatch.restart() }
    switch step {
    case .start: if let ready = try lifecycle.start(plan) { self.ready = ready }
    case .occupy: listen(backlog: Limits.backlog, at: address)
    case .listen(let backlog): listen(backlog: backlog, at: processes.sandbox.upstreamAddress ?? address)
    case .connect(let name, let manner): try connect(name, manner)
    case .accept(let name, let manner): try accept(name, manner)
    case .send(let name, let payload, let pieces): if let peer = peers[name] { send(peer, payload, pieces) }
    case .halfClose(let name): peers[name]?.halfClose()
    case .close(let name): peers[name]?.close()
    case .reset(let name): peers[name]?.reset()
    case .receive(let name, let expectation, let within, let captures):
      guard let peer = peers[name] else { break }
      let before = peer.record.events.count
      let isMet = try receive(peer, expectation, within)
      if !isMet, expectation.isPattern { noteVacuous(step, "the pattern never came") }
      try capture(captures, from: peer.received(from: before), step)
    case .input(let payload):
      processes.current?.input(payload.filled(captured.values).bytes)
      waiting.await("input")
      _ = loop.wait(rest: .milliseconds(Limits.stuck)) { processes.current?.pending.isEmpty ?? true }
      waiting.note("input")
    case .endInput: processes.current?.endInput()
    case .signal(let signal):
      // Stops only order what peers do: a server may end after its first client.
      let tests = signal != .stop && signal != .resume
      if tests, processes.hasEnded { noteVacuous(step, "the program had ended") }
      processes.signal(signal.number)
      lastSignal = " after \(signal.rawValue)"
    case .waitForExit(let within):
      let name = "wait-for-exit\(lastSignal)"
      waiting.await(name)
      if loop.wait(rest: within.map(Duration.milliseconds), until: { processes.hasEnded }) == .late { throw .late }
      waiting.note(name)
    case .settle(let milliseconds): settle(milliseconds)
    case .repeated(let times, let steps):
      for _ in 0..<times { for step in steps { try perform(step) } }
    }
  }

  private func capture(_ captures: [Capture], from bytes: [UInt8], _ step: Step) throws(RunStop) {
    do throws(BytePattern.TooSlow) {
      for name in try captured.take(captures, from: bytes) {
        noteVacuous(step, "nothing matched, so ${\(name)} is empty")
      }
    } catch {
      throw .searchedTooLong
    }
  }

  private var address: SocketAddress? { processes.sandbox.address(processes.program.transport) }

  private func listen(backlog: Int, at address: SocketAddress?) {
    if let address { peers.listen(at: address, backlog: backlog) }
  }

  private func connect(_ name: String, _ manner: Manner) throws(RunStop) {
    let (label, address) = (peers.nextLabel(of: name), address)
    var peer = Peer(label, to: address, manner)
    peers.add(peer, as: name)
    // The kernel completes a connection while the program rests, unless the listener's queue is full.
    let outcome = loop.wait(rest: .milliseconds(Limits.stuck), polls: peer.isCrowded) {
      if peer.isCrowded {
        peer = Peer(label, to: address, manner)
        peers.replaceLast(with: peer, as: name)
      }
      return peer.isSettled && !peer.isCrowded
    }
    if outcome != .met { peer.abandon() }
    if outcome == .late { throw .late }
    if outcome == .met { peers.notePort(of: peer, as: name) }
  }

  private func accept(_ name: String, _ manner: Manner) throws(RunStop) {
    var socket: CInt?
    // A proxy need not connect to its upstream, and a server with a client waits.
    let rest: Duration? = processes.sandbox.upstreamPort == nil ? nil : .milliseconds(Limits.upstreamRest)
    let outcome = loop.wait(rest: rest, polls: true) {
      if socket == nil, let listener = peers.listeners.last { socket = try? System.accept(listener) }
      return socket != nil || processes.hasEnded
    }
    if let socket, let window = manner.window { try? System.setReceiveWindow(socket, window) }
    let peer = Peer(peers.nextLabel(of: name), accepted: socket, manner, hasRested: outcome == .rested)
    peers.add(peer, as: name)
    if outcome == .late { throw .late }
  }

  private func send(_ peer: Peer, _ payload: Payload, _ pieces: Pieces) {
    guard peer.isOpen else { return }
    peer.note(.sent(payload.summary))
    let bytes = payload.filled(captured.values).bytes
    let ranges = pieces.ranges(of: bytes.count)
    for (index, range) in ranges.enumerated() {
      let isLast = index == ranges.count - 1
      if index > 0 { stopwatch.restart() }
      peer.send(bytes[range], urgent: pieces.urgent && isLast)
      waiting.await("send")
      let outcome = loop.wait(rest: .milliseconds(Limits.stuck)) { peer.pending.isEmpty }
      waiting.note("send")
      if outcome != .met {
        peer.dropPending()
        return peer.note(.notAllTaken)
      }
      if !isLast { settle(pieces.pause) }
    }
  }

  private func settle(_ milliseconds: Int) {
    waiting.awaitReading()
    waiting.await("settle")
    loop.settle(milliseconds)
    waiting.note("settle")
  }

  /// Returns whether what was expected has come.
  private func receive(_ peer: Peer, _ expectation: Expectation, _ within: Int?) throws(RunStop) -> Bool {
    guard peer.isOpen else { return true }
    peer.reads = true
    let name = "receive \(expectation.kind)"
    waiting.await(name)
    defer { waiting.note(name) }
    if case .nothing(let milliseconds) = expectation {
      _ = loop.wait(for: Limits.settling + .milliseconds(milliseconds), rest: .milliseconds(milliseconds)) {
        peer.ending != nil
      }
      if peer.inbox.isEmpty, peer.ending == nil { peer.note(.silence) }
      peer.recordRest()
      return true
    }
    var (claimed, isTooSlow) = (Int?.none, false)
    let outcome = loop.wait(rest: within.map(Duration.milliseconds)) {
      do throws(BytePattern.TooSlow) { claimed = try peer.claim(expectation) } catch { isTooSlow = true }
      return claimed != nil || isTooSlow || peer.isOver
    }
    if isTooSlow { throw .searchedTooLong }
    if let claimed {
      peer.recordReceived(claimed)
      return true
    }
    peer.recordRest()
    if outcome == .rested { peer.note(.stillOpen) }
    guard outcome == .late else { return false }
    peer.note(.late)
    throw .late
  }
}

extension Step {
  /// Whether the program can react to it.
  fileprivate var isStimulus: Bool {
    switch self {
    case .receive, .waitForExit, .settle, .repeated: false
    default: true
    }
  }
}
