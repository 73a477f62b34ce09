internal import SystemPackage

/// The processes of the program in one run: those that the run started, their descendants, and their orphans.
final class ProgramProcesses {
  let program: Program
  let sandbox: RunSandbox
  let calls: CallRecorder
  private(set) var current: ChildProcess?
  /// The processes of earlier starts, which have ended.
  private(set) var earlier: [ChildProcess] = []
  /// Each started process leads a group.
  private var groups: Set<CInt> = []
  /// Every process that was ever found to belong to the program.
  private var descendants: Set<CInt> = []
  /// Children of this process that belong to another run.
  private var foreign: Set<CInt> = []
  /// An entry of the environment that no other run's program has, and the mark by which the guard knows the program.
  private let mark: String
  private let number = ProcessMark()

  /// Whether another program runs in the same sandbox.
  var hasPartner = false

  init(_ program: Program, in sandbox: RunSandbox, mark: String, calls: CallRecorder) {
    (self.program, self.sandbox, self.mark, self.calls) = (program, sandbox, mark, calls)
  }

  /// The processes of programs that ended as daemons do: another process goes on. By the process that was started.
  private var daemons: [CInt: (identifier: CInt, ending: System.Ending?)] = [:]
  private(set) var peakMemory = 0

  deinit { SignalCleanup.remove(groups: groups) }

  var all: [ChildProcess] { earlier + [current].compactMap(\.self) }

  /// The living processes of the program. With `recent`, an orphan may be missing for a moment, and the search is
  /// cheaper.
  func identifiers(recent: Bool = false) -> [CInt] {
    let own = current.map { $0.hasEnded ? [] : [$0.identifier] } ?? []
    let present = own + own.flatMap(ProcFS.descendants).filter { !calls.isTracer($0, of: current?.identifier) }
    let children = recent ? ProcFS.recentChildren() : ProcFS.children(of: System.processIdentifier)
    // An orphan that has ended waits to be reaped by this process, which adopted it.
    let orphans = children.filter { isOrphan($0, besides: present) }.filter { child in
      if !ProcFS.isZombie(child) { return true }
      let ending = try? System.reap(child)
      if let started = daemons.first(where: { $0.value.identifier == child })?.key { daemons[started]?.ending = ending }
      return false
    }
    var all = present + orphans + orphans.flatMap(ProcFS.descendants).filter { !present.contains($0) }
    // Members of the control group that no search finds. It is the run's, which two programs of a pair share.
    if !hasPartner {
      all += sandbox.group.members.filter { !all.contains($0) && !calls.isTracer($0, of: current?.identifier) }
    }
    descendants.formUnion(all)
    return all
  }

  /// An argument that is a file in the judge's folder, but not in the run's, where the program looks for it.
  var relativePath: String? {
    program.words.dropFirst().first { word in
      !word.hasPrefix("/") && !word.hasPrefix("-") && !word.isEmpty
        && System.kind(of: "\(System.workingFolder)/\(word)") != nil
        && System.kind(of: "\(sandbox.folder)/\(word)") == nil
    }
  }

  // MARK: Daemons

  /// The name of the program's process.
  var name: String { current.map { ProcFS.name(of: $0.identifier) } ?? "" }

  /// Whether the program has ended: the process that was started, and the daemon that took its place.
  var hasEnded: Bool {
    guard let current, current.hasEnded else { return current == nil }
    guard let daemon = daemons[current.identifier] else { return true }
    if daemon.ending == nil { _ = identifiers() }
    return daemons[current.identifier]?.ending != nil || ProcFS.group(of: daemon.identifier) == 0
  }

  /// How each start has ended; for a daemon, first the process that was started.
  var exits: [Exit] {
    _ = identifiers()
    return all.flatMap { process -> [Exit] in
      guard let daemon = daemons[process.identifier] else { return [process.exit] }
      return [process.exit, daemon.ending.map { Exit(status: $0.status) } ?? .running]
    }
  }

  /// The process to which a signal to the program goes: the one that was started, unless only another one listens.
  private var main: CInt? {
    let own = identifiers()
    let holders = own.filter { listens(Set(ProcFS.descriptors(of: $0))) }
    guard let current else { return nil }
    if !current.hasEnded, holders.contains(current.identifier) || holders.isEmpty { return current.identifier }
    return holders.first { !holders.contains(ProcFS.parent(of: $0)) } ?? daemons[current.identifier]?.identifier
  }

  /// Whether the process that was started listens itself.
  var holdsListener: Bool { current.map { listens(Set(ProcFS.descriptors(of: $0.identifier))) } ?? false }

  /// Notes the daemon, if the program listens and the process that was started has ended.
  func noteDaemon() {
    guard let current, current.hasEnded, let main else { return }
    daemons[current.identifier] = (main, nil)
  }

  /// Sends a signal to the program.
  func signal(_ number: CInt) {
    guard !hasEnded, let main else { return }
    System.send(number, to: main)
  }

  /// Whether sockets, such as `socket:[12345]`, contain one that listens at the program's port or path.
  func listens(_ targets: Set<String>) -> Bool {
    let own = targets.filter { $0.hasPrefix("socket:") }
    // Reading the kernel's tables walks through all connections, which a program without a socket can't need.
    if own.isEmpty { return false }
    let isOwn = { (inode: String) in own.contains("socket:[\(inode)]") }
    return switch program.transport {
    case .tcp: ProcFS.listens(onPort: sandbox.port, where: isOwn)
    case .unix: ProcFS.listeners(atPath: sandbox.socket).contains(where: isOwn)
    case .none: false
    }
  }

  /// Samples the peak memory: that of wait(2) contains the judge's, which survives exec.
  func notePeakMemory(of process: CInt) { peakMemory = max(peakMemory, ProcFS.peakMemory(of: process)) }

  private func isOrphan(_ child: CInt, besides present: [CInt]) -> Bool {
    if present.contains(child) || groups.contains(child) || foreign.contains(child) { return false }
    let isOwn =
      groups.contains(ProcFS.group(of: child)) || descendants.contains(child) || ProcFS.hasEnvironment(child, mark)
    if !isOwn { foreign.insert(child) }
    return isOwn
  }

  /// Starts the program. Its last start, if there was one, has ended.
  func launch(hasInput: Bool) throws(Errno) {
    Self.adoption
    let words = program.words.map(sandbox.fill)
    guard let path = Program.locate(words[0]) else { throw Program.reasonNotLocated(words[0]) }
    // Files in the home folder, and temporary ones, are leftovers of the run.
    let all = ["HOME": "{dir}", "TMPDIR": "{dir}"].merging(program.environment) { $1 }
    let variables = all.sorted { $0.key < $1.key }.map { "\($0.key)=\(sandbox.fill($0.value))" }
    let inherited = System.environment().filter { entry in
      let name = String(entry.prefix { $0 != "=" })
      return all[name] == nil && name != "PARITY_RUN"
    }
    if let current { earlier.append(current) }
    var command = try calls.wrap(
      CallRecorder.Command(path: path, words: words, environment: inherited), own: variables + [mark])
    // It runs in the run's folder, from which a relative path would lead elsewhere.
    let program = command.words[0].contains("/") ? command.path : command.words[0]
    if let joining = sandbox.group.joining([program] + command.words.dropFirst()) {
      (command.path, command.words) = ("/bin/sh", joining)
    }
    let process = try ChildProcess(
      command.path, command.words, environment: command.environment, folder: sandbox.folder, hasInput: hasInput,
      mark: number)
    current = process
    groups.insert(process.identifier)
  }

  private static let adoption: Void = System.adoptOrphans()

  /// Forgets a start that failed because its port was taken.
  func forget() {
    current = nil
    calls.forget()
  }
}
