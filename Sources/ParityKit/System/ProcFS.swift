internal import Synchronization

/// Reads /proc.
enum ProcFS {
  /// Whether one of the sockets that listen at a port satisfies a condition on its inode.
  static func listens(onPort port: Int, where isMeant: (String) -> Bool) -> Bool {
    ListeningSocket.all().contains { $0.port == port && isMeant($0.inode) }
  }

  static func listeners(atPath path: String) -> Set<String> {
    // A listening socket has the flag 0x10000 (__SO_ACCEPTCON); the path is the last field.
    let rows = rows("/proc/net/unix").filter { $0.count == 8 && $0[3] == "00010000" && $0[7] == path }
    return Set(rows.map { String($0[6]) })
  }

  static func rows(_ table: String) -> [[Substring]] {
    (System.text(of: table) ?? "").split(separator: "\n").dropFirst().map { $0.split(separator: " ") }
      .filter { $0.count >= 7 }
  }

  // MARK: Processes

  /// The descendants of a process: children of all its threads, and theirs.
  static func descendants(of process: CInt) -> [CInt] {
    var (found, next) = ([CInt](), [process])
    while let parent = next.popLast() {
      let children = self.children(of: parent).filter { !found.contains($0) }
      found += children
      next += children
    }
    return found
  }

  static func children(of process: CInt) -> [CInt] {
    tasks(of: process).flatMap { task in
      (System.text(of: "\(task)/children") ?? "").split(separator: " ").compactMap { CInt($0) }
    }
  }

  /// The children of this process, cached for a moment: many runs search for orphans at once, and this process has many
  /// threads.
  static func recentChildren() -> [CInt] {
    recent.withLock { recent in
      let now = ContinuousClock().now
      if recent.time.map({ now - $0 >= Limits.recent }) ?? true {
        recent = (children(of: System.processIdentifier), now)
      }
      return recent.children
    }
  }

  private static let recent = Mutex((children: [CInt](), time: ContinuousClock.Instant?.none))

  static func tasks(of process: CInt) -> [String] {
    System.names(in: "/proc/\(process)/task").map { "/proc/\(process)/task/\($0)" }
  }

  /// Whether a process was started with this entry in its environment.
  static func hasEnvironment(_ process: CInt, _ entry: String) -> Bool {
    let environment = System.contents(of: "/proc/\(process)/environ") ?? []
    let wanted = Array(entry.utf8)
    return environment.split(separator: 0).contains { $0.elementsEqual(wanted) }
  }

  static func name(of process: CInt) -> String {
    let name = System.text(of: "/proc/\(process)/comm") ?? "?"
    return name.hasSuffix("\n") ? String(name.dropLast()) : name
  }

  static func parent(of process: CInt) -> CInt { statistic(1, of: process) }

  /// The process group of a process, or 0 if the process is gone.
  static func group(of process: CInt) -> CInt { statistic(2, of: process) }

  static func session(of process: CInt) -> CInt { statistic(3, of: process) }

  private static func statistic(_ index: Int, of process: CInt) -> CInt {
    // The name is in parentheses, and may contain any character.
    let fields =
      (System.text(of: "/proc/\(process)/stat") ?? "").split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > index ? CInt(fields[index]) ?? 0 : 0
  }

  /// The tracer of a process, or nil.
  static func tracer(of process: CInt) -> CInt? {
    let status = (System.text(of: "/proc/\(process)/status") ?? "").split(separator: "\n")
    let field = status.first { $0.hasPrefix("TracerPid:") }?.split(separator: "\t").last
    return field.flatMap { CInt($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  static func isZombie(_ process: CInt) -> Bool {
    System.text(of: "/proc/\(process)/status")?.contains("\nState:\tZ") ?? false
  }

  /// The targets of a process's descriptors, such as `socket:[12345]`.
  static func descriptors(of process: CInt) -> [String] {
    System.names(in: "/proc/\(process)/fd").compactMap { System.target(ofLink: "/proc/\(process)/fd/\($0)") }
  }

  private static let stateField = Array("State:\t".utf8)
  private static let switchesField = Array("switches".utf8)

  /// Whether a thread of a process is running, and how many context switches its threads have made.
  static func activity(of process: CInt) -> (isRunning: Bool, switches: Int) {
    var (isRunning, switches) = (false, 0)
    for task in tasks(of: process) {
      // Parsed byte by byte: a run spends most of its time here.
      for line in (System.contents(of: "\(task)/status") ?? []).split(separator: 10) {
        if line.starts(with: stateField) {
          let state = line.dropFirst(stateField.count).first
          isRunning = isRunning || state == UInt8(ascii: "R") || state == UInt8(ascii: "D")
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")), line[..<colon].suffix(8) == switchesField[...] {
          switches += line[colon...].reduce(0) { (0x30...0x39).contains($1) ? $0 * 10 + Int($1 & 0xF) : $0 }
        }
      }
    }
    return (isRunning, switches)
  }
}
