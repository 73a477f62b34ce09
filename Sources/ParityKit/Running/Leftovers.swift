/// The end of a run: the names, processes and descriptors that the program has left, compared with those that it had
/// when it was ready.
struct Leftovers {
  private var processes: Set<CInt> = []
  /// How many descriptors of each kind the program had.
  private var descriptors: [String: Int] = [:]

  /// For a program that was never ready: it had nothing.
  init() {}

  /// What a ready program has now.
  init(ready program: ProgramProcesses, _ names: RunNames) {
    processes = Set(program.identifiers())
    descriptors = program.current.map { Self.kinds(of: $0.identifier, names) } ?? [:]
  }

  /// The sorted list of what the program has left, or has more of than when it was ready. Descriptors are included if
  /// `isServer`.
  func list(_ program: ProgramProcesses, _ names: RunNames, isServer: Bool) -> [String] {
    var left = Self.list(folder: program.sandbox.folder, below: "", names)
    for identifier in program.identifiers()
    where identifier != program.current?.identifier && !processes.contains(identifier) {
      left.append("process \(ProcFS.name(of: identifier))" + (ProcFS.isZombie(identifier) ? ", not waited for" : ""))
    }
    if let process = program.current, !process.hasEnded, isServer {
      for (kind, count) in Self.kinds(of: process.identifier, names) {
        let more = count - descriptors[kind, default: 0]
        if more > 0 { left.append("\(more) more open: \(kind)") }
      }
    }
    return left.sorted()
  }

  private static func kinds(of process: CInt, _ names: RunNames) -> [String: Int] {
    var kinds: [String: Int] = [:]
    for target in ProcFS.descriptors(of: process) { kinds[kind(target, names), default: 0] += 1 }
    return kinds
  }

  /// A descriptor's target without its number.
  private static func kind(_ target: String, _ names: RunNames) -> String {
    if let bracket = target.firstIndex(of: "["), target.hasPrefix("socket:") || target.hasPrefix("pipe:") {
      return String(target[..<bracket].dropLast())
    }
    return names.masked(target)
  }

  private static func list(folder: String, below prefix: String, _ names: RunNames) -> [String] {
    System.names(in: folder).flatMap { name in
      let path = "\(folder)/\(name)"
      let kind = System.kind(of: path) ?? .file
      let own = "\(kind.rawValue) \(names.masked(prefix + name))"
      return kind == .folder ? [own] + list(folder: path, below: "\(prefix)\(name)/", names) : [own]
    }
  }
}
