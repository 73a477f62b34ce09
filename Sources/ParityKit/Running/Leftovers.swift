/// The end of a run: the names, processes and descriptors that the program has left, compared with those that it has
/// when it rests after its start.
struct Leftovers {
  private let start: RestingState

  /// For a program that was never ready: it had nothing.
  init() { start = RestingState() }

  /// What a ready program has. A first start has told it, or else it is what the program has now.
  init(ready program: ProgramProcesses, _ names: RunNames) {
    start = program.program.resting ?? Self.state(of: program, names)
  }

  /// What the processes of a program have now.
  static func state(of program: ProgramProcesses, _ names: RunNames) -> RestingState {
    var state = RestingState()
    for process in program.identifiers() where !ProcFS.isZombie(process) {
      state.processes[ProcFS.name(of: process), default: 0] += 1
      for target in ProcFS.descriptors(of: process) { state.descriptors[kind(target, names), default: 0] += 1 }
    }
    return state
  }

  /// The sorted list of what the program has left, or has more of than at its start. Of a program that has ended, all
  /// that lives is left. Descriptors are included if `isServer`.
  func list(_ program: ProgramProcesses, _ names: RunNames, _ files: [LeftFile], isServer: Bool) -> [String] {
    var left = files.map(\.name)
    for identifier in program.identifiers() where ProcFS.isZombie(identifier) {
      left.append("process \(ProcFS.name(of: identifier)), not waited for")
    }
    let (now, before) = (Self.state(of: program, names), program.hasEnded ? RestingState() : start)
    for (name, count) in now.processes {
      // A program that was never ready has at least its own process.
      let isOwn = !program.hasEnded && before.processes.isEmpty && name == program.name
      let more = count - before.processes[name, default: isOwn ? 1 : 0]
      left += Array(repeating: "process \(name)", count: max(0, more))
    }
    if isServer, !program.hasEnded {
      for (kind, count) in now.descriptors {
        let more = count - before.descriptors[kind, default: 0]
        if more > 0 { left.append("\(more) more open: \(kind)") }
      }
    }
    let sockets = Set(program.identifiers().flatMap(ProcFS.descriptors).filter { $0.hasPrefix("socket:") })
    left += ProcFS.bound(sockets, besides: program.sandbox.port, program.sandbox.socket).map(names.masked)
    return left.sorted()
  }

  /// A descriptor's target without its number.
  private static func kind(_ target: String, _ names: RunNames) -> String {
    if let bracket = target.firstIndex(of: "["), target.hasPrefix("socket:") || target.hasPrefix("pipe:") {
      return String(target[..<bracket].dropLast())
    }
    // Temporary files have random names.
    return target.hasSuffix(" (deleted)") ? "a deleted file" : names.masked(target)
  }
}
