internal import SystemPackage

/// The poll(2) loop of a run: moves the bytes of the program, of its peers and of strace while a step waits.
final class RunLoop {
  let timeout: Duration
  private let processes: ProgramProcesses
  private let peers: PeerTable
  /// The loop of the program at the other end of a pair: one of the two loops serves both programs.
  private let partner: RunLoop?
  private var moved = 0
  /// Whether the program used the processor all the time although it had nothing to do.
  private(set) var isBurning = false
  /// After it no wait lasts any longer: the run is left unfinished.
  var budget = Budget.endless
  private(set) var isUnfinished = false
  /// The time of the last sample of the peak memory.
  private var sampled: ContinuousClock.Instant?
  private var ready: Set<CInt> = []

  init(_ processes: ProgramProcesses, _ peers: PeerTable, timeout: Duration, partner: RunLoop?) {
    (self.processes, self.peers, self.timeout, self.partner) = (processes, peers, timeout, partner)
  }

  /// Why a wait ended.
  enum Outcome { case met, rested, late }

  /// Waits until a condition holds, the program has been idle for some time, or the time is over.
  ///
  /// - Parameters:
  ///   - limit: The longest time to wait; nil is the run's timeout.
  ///   - rest: How long the program must be idle to end the wait; nil never ends it.
  ///   - polls: Whether the condition depends on more than what the loop moves, so that it must be checked regularly.
  func wait(
    for limit: Duration? = nil, rest: Duration? = nil, polls: Bool = false, until isMet: () -> Bool = { false }
  ) -> Outcome {
    let clock = ContinuousClock()
    var deadline = Deadline(limit ?? timeout, isExtended: limit == nil, since: clock.now)
    var detector = RestDetector(progress: progress)
    var before = moved
    while true {
      serve()
      if isMet() { return .met }
      let now = clock.now
      if deadline.isNew { deadline.begin(now, starved: starvation) }
      if moved != before {
        before = moved
        deadline.note(now)
      }
      if budget.isOver { isUnfinished = true }
      if isUnfinished || deadline.hasPassed(now, starved: { starvation }, progress: { progress(identifiers) }) {
        return .late
      }
      if let rest, detector.isDue(now) {
        switch detector.add(snapshot(), at: now, patience: patience(rest)) {
        case .active: break
        case .resting(let time): if time >= rest { return .rested }
        case .burning:
          // Without a pause the program may still work on what it was sent.
          isBurning = isBurning || rest >= .milliseconds(Limits.finalRest)
          return .rested
        }
      }
      let interval: Duration = .milliseconds(rest != nil || polls ? Limits.snapshotInterval : Limits.pollInterval)
      poll(min(interval, deadline.due - now))
    }
  }

  /// strace makes a program slower.
  private func patience(_ rest: Duration) -> Duration {
    (rest + Limits.burning) * (processes.calls.isEnabled ? Limits.straceSlowness : 1)
  }

  /// Waits until a program has started. It gets more time while it uses the processor, as on a busy machine.
  func waitForStart(until isMet: () -> Bool) -> Outcome {
    var used = Duration.zero
    for _ in 0..<Limits.readinessTimes {
      let outcome = wait(for: Limits.readiness, polls: true, until: isMet)
      let now = snapshot().processorTime
      if outcome != .late || now <= used { return outcome }
      used = now
    }
    return .late
  }

  /// Changes while the program takes what it was sent.
  private func progress(_ processes: [CInt]) -> Int {
    processes.reduce(ProcFS.unread(atPort: self.processes.sandbox.port)) { $0 &+ ProcFS.bytesMoved(by: $1) }
  }

  /// Waits until the program has been idle for the time, and a little longer.
  func settle(_ milliseconds: Int = 0) {
    _ = wait(for: Limits.settling + .milliseconds(milliseconds), rest: .milliseconds(milliseconds))
  }

  private func snapshot() -> ActivitySnapshot {
    let own = processes.identifiers(recent: true)
    for process in own { processes.notePeakMemory(of: process) }
    return ActivitySnapshot(all(own), moved: moved + (partner?.moved ?? 0))
  }

  private var identifiers: [CInt] { all(processes.identifiers(recent: true)) }

  /// strace is part of it: a program waits for strace to report its call.
  private func all(_ own: [CInt]) -> [CInt] {
    let tracers = processes.calls.isEnabled ? Set(own.compactMap(ProcFS.tracer)) : []
    return own + tracers + (partner?.processes.identifiers() ?? [])
  }

  /// How long the program has waited for a processor. The judge moves what has arrived before it reads the clock, so
  /// that its own delay ends no wait.
  private var starvation: Duration { .nanoseconds(identifiers.reduce(0) { $0 + ProcFS.starvation(of: $1) }) }

  /// Lets the program be ended in its own time.
  func forgetBudget() { (budget, isUnfinished) = (.endless, false) }

  private func serve() {
    if let process = processes.current {
      moved += process.serve()
      let now = ContinuousClock().now
      if sampled.map({ now - $0 >= Limits.memoryInterval }) ?? true {
        sampled = now
        processes.notePeakMemory(of: process.identifier)
      }
    }
    for peer in peers.connections where ready.contains(peer.socket) { moved += peer.serve() }
    for tracer in processes.calls.tracers where ready.contains(tracer.descriptor) { moved += tracer.serve() }
    ready = []
    partner?.serve()
  }

  private func poll(_ time: Duration) {
    var watches = (processes.current?.watches ?? []) + peers.connections.compactMap(\.watch)
    watches += processes.calls.tracers.compactMap(\.watch)
    watches += partner?.processes.current?.watches ?? []
    let (seconds, attoseconds) = time.components
    System.poll(&watches, milliseconds: max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)))
    ready = Set(watches.filter(\.isReady).map(\.descriptor))
  }
}
