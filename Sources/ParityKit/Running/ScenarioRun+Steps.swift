internal import SystemPackage

extension ScenarioRun {
  /// Plays the scenario to its end, and tells what came of it. Nothing of it is left then.
  func play(_ scenario: Scenario) -> Transcript {
    var transcript = Transcript()
    let objects = ProcFS.sharedObjects()
    let script = ExecutionPlan(scenario)
    do throws(Stopped) {
      for (number, step) in script.steps {
        do throws(Stopped) {
          try perform(step, script)
        } catch .late {
          throw .hung("step \(number): \(step.flow)")
        }
      }
      rest()
    } catch {
      switch error {
      case .didNotStart(let why): transcript.trouble = why
      case .hung(let step): transcript.hang = step
      case .late: break
      }
    }
    transcript.exits = (earlier + [process].compactMap(\.self)).map(\.exit)
    transcript.leftovers = leftovers()
    transcript.sharedObjects = ProcFS.sharedObjects().subtracting(objects)
    end()
    transcript.connections = connections.map(\.record)
    collect(&transcript)
    collectCalls(&transcript)
    return transcript
  }

  /// Why a scenario was not played to its end.
  enum Stopped: Error {
    case didNotStart(String)
    case late
    case hung(String)
  }

  private func perform(_ step: Step, _ script: ExecutionPlan) throws(Stopped) {
    switch step {
    case .start: try start(script)
    case .occupy: occupy(backlog: Limits.backlog)
    case .listen(let backlog): occupy(backlog: backlog)
    case .connect(let name, let manner): try connect(name, manner)
    case .accept(let name, let manner): try accept(name, manner)
    case .send(let name, let payload, let pieces): if let peer = peers[name] { send(peer, payload, pieces) }
    case .halfClose(let name): peers[name]?.halfClose()
    case .close(let name): peers[name]?.close()
    case .reset(let name): peers[name]?.reset()
    case .receive(let name, let expectation, let within):
      if let peer = peers[name] { try receive(peer, expectation, within) }
    case .input(let payload):
      process?.input(payload.bytes)
      _ = wait(rest: .milliseconds(Limits.stuck)) { process?.pending.isEmpty ?? true }
    case .endInput: process?.endInput()
    case .signal(let signal): process?.signal(signal.number)
    case .waitForExit(let within):
      let waited = wait(rest: within.map { .milliseconds($0) }) { process?.hasEnded ?? true }
      if waited == .late { throw .late }
    case .settle(let milliseconds): settle(milliseconds)
    case .repeated(let times, let steps):
      for _ in 0..<times { for step in steps { try perform(step, script) } }
    }
  }

  func settle(_ milliseconds: Int = 0) {
    _ = wait(for: Limits.settling + .milliseconds(milliseconds), rest: .milliseconds(milliseconds))
  }

  // MARK: The program

  func start(_ script: ExecutionPlan) throws(Stopped) {
    let isFirst = process == nil
    for attempt in 1... {
      do throws(Errno) {
        try launch(hasInput: script.hasInput)
      } catch {
        throw .didNotStart("\(program.words[0]): \(error)")
      }
      guard role == .server else { return }
      var listens = false
      let waited = wait(looks: true) {
        listens = isReady
        return listens || process?.hasEnded ?? true
      }
      if listens {
        settle()
        noteDescriptors()
        return
      }
      guard isFirst, !script.occupies else { return }
      let readiness = greeting.map { "said \(quoted($0))" } ?? "listened"
      guard waited == .met else { throw .didNotStart("it had not \(readiness) after \(timeout)") }
      if attempt < Limits.ports, program.transport == .tcp, ProcFS.listens(onPort: place.port, where: { _ in true }) {
        do throws(Errno) { try place.moveOn() } catch { throw .didNotStart("no free port: \(error)") }
        forgetProcess()
        continue
      }
      let said =
        process.map { visible(Array(masked(String(decoding: $0.error.suffix(200), as: UTF8.self)).utf8)[...]) } ?? ""
      let ended = "it ended before it \(readiness) (\(process?.exit.description ?? ""))"
      throw .didNotStart(said.isEmpty ? ended : "\(ended): \(said)")
    }
  }

  private var isReady: Bool {
    guard let greeting = greeting?.utf8 else { return isListening }
    return [process?.output, process?.error].contains { $0?.firstRange(of: greeting) != nil }
  }

  /// Whether a process of the program's listens at its place. Another's that does is not it.
  private var isListening: Bool {
    // Who has no socket needs no look at the kernel's tables, which costs it a walk through all connections.
    let own = Set(processes().flatMap(ProcFS.descriptors).filter { $0.hasPrefix("socket:") })
    if own.isEmpty { return false }
    let isOwn = { (inode: String) in own.contains("socket:[\(inode)]") }
    return switch program.transport {
    case .tcp: ProcFS.listens(onPort: place.port, where: isOwn)
    case .unix: ProcFS.listeners(atPath: place.socket).contains(where: isOwn)
    case .none: false
    }
  }

  private func occupy(backlog: Int) {
    guard let address = place.address(program.transport), let socket = try? System.socket(for: address) else { return }
    listeners.append(socket)
    try? System.bind(socket, to: address, reuse: true)
    try? System.listen(socket, backlog: backlog)
  }

  // MARK: Peers

  private func connect(_ name: String, _ manner: Manner) throws(Stopped) {
    let (label, address) = (label(name), place.address(program.transport))
    var peer = Peer(label, to: address, manner)
    add(peer, as: name)
    let waited = wait(looks: peer.isCrowded) {
      if peer.isCrowded {
        peer = Peer(label, to: address, manner)
        replaceLast(with: peer, as: name)
      }
      return peer.isSettled && !peer.isCrowded
    }
    if waited != .met {
      peer.abandon()
      throw .late
    }
    notePort(of: peer, as: name)
  }

  private func accept(_ name: String, _ manner: Manner) throws(Stopped) {
    var socket: CInt?
    let waited = wait(looks: true) {
      if socket == nil, let listener = listeners.last { socket = try? System.accept(listener) }
      return socket != nil || process?.hasEnded ?? true
    }
    if let socket, let window = manner.window { try? System.setReceiveWindow(socket, window) }
    add(Peer(label(name), accepted: socket, manner), as: name)
    if waited != .met { throw .late }
  }

  private func send(_ peer: Peer, _ payload: Payload, _ pieces: Pieces) {
    guard peer.isOpen else { return }
    peer.note(.sent(payload.summary))
    let bytes = payload.bytes
    let ranges = pieces.ranges(of: bytes.count)
    for (index, range) in ranges.enumerated() {
      let isLast = index == ranges.count - 1
      peer.send(bytes[range], urgent: pieces.urgent && isLast)
      let waited = wait(rest: .milliseconds(Limits.stuck)) { peer.pending.isEmpty }
      if waited != .met {
        peer.dropPending()
        return peer.note(.notAllTaken)
      }
      if !isLast { settle(pieces.pause) }
    }
  }

  private func receive(_ peer: Peer, _ expectation: Expectation, _ within: Int?) throws(Stopped) {
    guard peer.isOpen else { return }
    peer.reads = true
    if case .nothing(let milliseconds) = expectation {
      _ = wait(for: Limits.settling + .milliseconds(milliseconds), rest: .milliseconds(milliseconds)) {
        peer.ending != nil
      }
      if peer.inbox.isEmpty, peer.ending == nil { peer.note(.silence) }
      return peer.recordRest()
    }
    var claimed: Int?
    let waited = wait(rest: within.map { .milliseconds($0) }) {
      claimed = peer.claim(expectation)
      return claimed != nil || peer.isOver
    }
    if let claimed { return peer.recordReceived(claimed) }
    peer.recordRest()
    if waited == .rested { peer.note(.stillOpen) }
    guard waited == .late else { return }
    peer.note(.late)
    throw .late
  }
}
