/// The waits of a run. It keeps what the program had shown at the end of each, and awaits what the other side has shown
/// at the same one.
final class Waiting {
  private let processes: ProgramProcesses
  private let peers: PeerTable
  private let loop: RunLoop
  private let role: Role
  private let awaited: Awaited?
  private(set) var milestones: [Milestone] = []
  /// The kinds of silence for which the program was awaited the whole time of a step.
  private(set) var vain: Set<Milestone.Silence> = []

  init(_ processes: ProgramProcesses, _ peers: PeerTable, _ loop: RunLoop, _ role: Role, _ awaited: Awaited?) {
    (self.processes, self.peers, self.loop, self.role, self.awaited) = (processes, peers, loop, role, awaited)
  }

  /// What the program has shown so far.
  private func milestone(_ step: String, _ left: Int) -> Milestone {
    let all = peers.connections
    let waiting = all.reduce(processes.current?.pending.count ?? 0) { $0 + $1.pending.count }
    return Milestone(
      step,
      [
        .answer: all.reduce(0) { $0 + $1.total }, .end: all.count { $0.ending != nil },
        .exit: processes.earlier.count + (processes.hasEnded ? 1 : 0),
        .output: processes.all.reduce(0) { $0 + $1.lines }, .taken: -waiting, .removal: -left,
      ])
  }

  /// Notes the end of a wait. Each side notes the same waits in the same order.
  func note(_ step: String, left: Int = 0) {
    if milestones.count < Limits.milestones { milestones.append(milestone(step, left)) }
  }

  /// Before the wait of a step: waits until the program has shown what the other side has shown at its end, or until
  /// nothing moves for the time of a step; at most a second for what it prints or leaves. `left` counts what it has left.
  func await(_ step: String, left: () -> Int = { 0 }) {
    guard let awaited, awaited.milestones.indices.contains(milestones.count) else { return }
    let wanted = awaited.milestones[milestones.count]
    // A run that was cut short has no such step.
    guard wanted.step == step else { return }
    let clock = ContinuousClock()
    var (last, since, hasMoved) = (milestone(step, left()), clock.now, false)
    var silences: [Milestone.Silence] = []
    // A program that was awaited in vain once is hardly late at another step.
    _ = loop.wait(for: vain.isEmpty ? nil : Limits.lull, polls: true) {
      let current = milestone(step, left())
      if current != last { (last, since, hasMoved) = (current, clock.now, true) }
      silences = current.silences(beside: wanted).filter { !awaited.hopeless.contains($0) }
      // The lengths of noise differ: not all of it need come. What is printed or left late is awaited for a moment.
      let isBrief = hasMoved || silences.allSatisfy { $0.sign == .output || $0.sign == .removal }
      return silences.isEmpty || (isBrief && clock.now - since >= Limits.lull) || isOver(for: silences)
    }
    if !silences.isEmpty, !hasMoved, !isOver(for: silences) { vain.formUnion(silences) }
  }

  /// Nothing more of these kinds can come: an answer needs a connection.
  private func isOver(for silences: [Milestone.Silence]) -> Bool {
    guard peers.connections.allSatisfy({ $0.isOver }) else { return false }
    return silences.allSatisfy { $0.sign == .answer || $0.sign == .end }
      || (processes.hasEnded && processes.identifiers().isEmpty)
  }

  /// Waits until the program has read all that was sent, and has accepted each client, unless it moves nothing for some
  /// time: it may never do so.
  func awaitReading() {
    guard awaited != nil, processes.program.transport == .tcp, role != .filter else { return }
    let clock = ContinuousClock()
    var (last, since) = (0, clock.now)
    _ = loop.wait(polls: true) {
      let unread = ProcFS.unread(atPort: processes.sandbox.port, [role.listens ? .local : .remote])
      if unread != last { (last, since) = (unread, clock.now) }
      return unread == 0 || clock.now - since >= Limits.lull
    }
  }
}
