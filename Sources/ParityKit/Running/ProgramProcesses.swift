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
  /// An entry of the environment that no other run's program has.
  private let mark: String

  init(_ program: Program, in sandbox: RunSandbox, mark: String, calls: CallRecorder) {
    (self.program, self.sandbox, self.mark, self.calls) = (program, sandbox, mark, calls)
  }

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
      _ = try? System.reap(child)
      return false
    }
    let all = present + orphans + orphans.flatMap(ProcFS.descendants).filter { !present.contains($0) }
    descendants.formUnion(all)
    return all
  }

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
    guard let path = Program.locate(words[0]) else { throw .noSuchFileOrDirectory }
    let variables = program.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\(sandbox.fill($0.value))" }
    let inherited = System.environment().filter { entry in
      let name = String(entry.prefix { $0 != "=" })
      return program.environment[name] == nil && name != "PARITY_RUN"
    }
    if let current { earlier.append(current) }
    let command = try calls.wrap(
      CallRecorder.Command(path: path, words: words, environment: inherited), own: variables + [mark])
    let process = try ChildProcess(
      command.path, command.words, environment: command.environment, folder: sandbox.folder, hasInput: hasInput)
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
