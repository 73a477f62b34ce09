internal import Glibc
internal import SystemPackage

/// Where one program meets one scenario, once: it, its peers, and the loop that serves them all. It lives on one thread.
final class ScenarioRun {
  let program: Program
  let role: Role
  let timeout: Duration
  /// What a server prints once it can be talked to; nil: it listens at its place.
  let greeting: String?
  let place: RunSandbox
  private(set) var process: ChildProcess?
  var earlier: [ChildProcess] = []
  /// The peers of the scenario by name, the present connection of each; and all there were.
  var peers: [String: Peer] = [:]
  private(set) var connections: [Peer] = []
  private var counts: [String: Int] = [:]
  /// Sockets that listen for the program, or that hold its place.
  var listeners: [CInt] = []
  /// Who was there when the program was ready, and how many descriptors of each kind it had.
  var present: Set<CInt> = []
  var descriptors: [String: Int] = [:]
  private var moved = 0
  private var ready: Set<CInt> = []
  /// The processes that were started, each of which leads a group; and all that were ever seen to be theirs.
  private var groups: Set<CInt> = []
  private var descendants: Set<CInt> = []
  /// Children of ours that are another run's.
  private var strangers: Set<CInt> = []
  private(set) var ports: [Int: String] = [:]
  /// The connections by the ports of their peers.
  private(set) var labels: [Int: String] = [:]
  /// Whether strace(1) tells what the program asks of the kernel; of each start.
  let isTraced: Bool
  var tracers: [Strace] = []

  /// Where the program is that this one talks to, at the same place; one loop serves both.
  private let other: ScenarioRun?

  init(
    _ program: Program, role: Role, timeout: Duration, greeting: String? = nil, isTraced: Bool = false
  ) throws(Errno) {
    (self.program, self.role, self.timeout, self.greeting) = (program, role, timeout, greeting)
    (self.isTraced, other) = (isTraced, nil)
    place = try RunSandbox()
    SignalCleanup.add(folder: place.folder)
  }

  init(_ program: Program, role: Role, beside other: ScenarioRun) {
    (self.program, self.role, timeout, greeting, isTraced) = (program, role, other.timeout, nil, false)
    (self.other, place) = (other, other.place)
  }

  deinit {
    for listener in listeners { System.close(listener) }
    place.remove()
    SignalCleanup.remove(groups: groups, folder: place.folder)
  }

  // MARK: The loop

  /// Why waiting ended.
  enum Waited { case met, rested, late }

  /// Serves all until the condition holds, the program has rested for so long, or the time is over. `looks` says that
  /// the condition is not about what the loop moves, and has to be looked at now and then.
  func wait(
    for limit: Duration? = nil, rest: Duration? = nil, looks: Bool = false, until isMet: () -> Bool = { false }
  ) -> Waited {
    let clock = ContinuousClock()
    let deadline = clock.now + (limit ?? timeout)
    var last: (look: ActivitySnapshot, time: ContinuousClock.Instant)?
    var restingSince: ContinuousClock.Instant?
    while true {
      serve()
      if isMet() { return .met }
      var now = clock.now
      if now >= deadline { return .late }
      if let rest, last.map({ now - $0.time >= .milliseconds(Limits.lookInterval) }) ?? true {
        let look = look()
        now = clock.now
        if look.isResting, let last, look == last.look {
          let since = restingSince ?? last.time
          restingSince = since
          if now - since >= rest { return .rested }
        } else {
          restingSince = nil
        }
        last = (look, now)
      }
      let interval: Duration = rest != nil || looks ? .milliseconds(Limits.lookInterval) : .milliseconds(250)
      poll(min(interval, deadline - now))
    }
  }

  /// A tracer that has not told all yet keeps the program waiting.
  private func look() -> ActivitySnapshot {
    let processes = processes(recent: true)
    let tracers = isTraced ? Set(processes.compactMap(ProcFS.tracer)) : []
    return ActivitySnapshot(processes + tracers + (other?.processes() ?? []), moved: moved + (other?.moved ?? 0))
  }

  private func serve() {
    if let process { moved += process.serve() }
    for peer in connections where ready.contains(peer.socket) { moved += peer.serve() }
    for tracer in tracers where ready.contains(tracer.descriptor) { moved += tracer.serve() }
    ready = []
    other?.serve()
  }

  private func poll(_ time: Duration) {
    var watches = (process?.watches ?? []) + connections.compactMap(\.watch) + tracers.compactMap(\.watch)
    watches += other?.process?.watches ?? []
    let (seconds, attoseconds) = time.components
    System.poll(&watches, milliseconds: max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)))
    ready = Set(watches.filter(\.isReady).map(\.descriptor))
  }

  // MARK: Processes

  /// What no other run's program has in its environment.
  private var mark: String { "PARITY_RUN=\(place.folder)" + (other == nil ? "" : "#\(role.rawValue)") }

  /// The program's processes that are there: itself, what descends from it, and orphans of its; these may be missing
  /// for a moment where recent ones will do.
  func processes(recent: Bool = false) -> [CInt] {
    let own = process.map { $0.hasEnded ? [] : [$0.identifier] } ?? []
    let present = own + own.flatMap(ProcFS.descendants).filter { !isTracer($0) }
    let orphans = (recent ? ProcFS.recentChildren() : ProcFS.children(of: System.processIdentifier)).filter { child in
      if present.contains(child) || groups.contains(child) || strangers.contains(child) { return false }
      let isOwn =
        groups.contains(ProcFS.group(of: child)) || descendants.contains(child) || ProcFS.hasEnvironment(child, mark)
      if !isOwn { strangers.insert(child) }
      return isOwn
    }
    // One that has ended is only waiting for us, who adopted it.
    let living = orphans.filter { child in
      if !ProcFS.isZombie(child) { return true }
      _ = try? System.reap(child)
      return false
    }
    let all = present + living + living.flatMap(ProcFS.descendants).filter { !present.contains($0) }
    descendants.formUnion(all)
    return all
  }

  /// Starts the program; false where it can't be started.
  func launch(hasInput: Bool) throws(Errno) {
    Self.adoption
    let words = program.words.map(place.fill)
    guard let path = Program.locate(words[0]) else { throw .noSuchFileOrDirectory }
    let own = program.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\(place.fill($0.value))" } + [mark]
    if let process {
      System.send(SIGKILL, toGroup: process.identifier)
      _ = wait { process.hasEnded }
      earlier.append(process)
    }
    let start = try prepare(path, words, own)
    process = try ChildProcess(
      start.path, start.words, environment: start.environment, folder: place.folder, hasInput: hasInput)
    if let process {
      groups.insert(process.identifier)
      SignalCleanup.add(group: process.identifier)
    }
  }

  /// It ended because its port was taken: as if it had not been.
  func forgetProcess() {
    process = nil
    tracers.last?.forget()
  }

  private static let adoption: Void = System.adoptOrphans()

  /// Kills what is left of the program, and reaps it. A process that dies is only gone when its parent has been told.
  func end() {
    let clock = ContinuousClock()
    let deadline = clock.now + Limits.reaping
    while clock.now < deadline {
      if let process, !process.hasEnded { System.send(SIGKILL, toGroup: process.identifier) }
      let left = processes()
      if left.isEmpty { return }
      for identifier in left {
        System.send(SIGKILL, to: identifier)
      }
      _ = wait(for: .milliseconds(Limits.lookInterval)) { process?.hasEnded ?? true }
    }
  }

  // MARK: Peers

  /// A further connection of that name.
  func add(_ peer: Peer, as name: String) {
    peers[name] = peer
    connections.append(peer)
  }

  /// The same connection, tried again.
  func replaceLast(with peer: Peer, as name: String) {
    peers[name] = peer
    connections[connections.count - 1] = peer
  }

  func notePort(of peer: Peer, as name: String) {
    guard peer.port != 0 else { return }
    (ports[peer.port], labels[peer.port]) = (name, peer.record.name)
  }

  /// The name of the next connection of a peer.
  func label(_ name: String) -> String {
    counts[name, default: 0] += 1
    return counts[name] == 1 ? name : "\(name) #\(counts[name, default: 0])"
  }
}
