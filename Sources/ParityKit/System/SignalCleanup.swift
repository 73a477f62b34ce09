internal import Glibc
internal import Synchronization
internal import SystemPackage

/// Kills the programs of current runs and removes their folders when a signal ends the judge.
public enum SignalCleanup {
  private struct Running {
    var groups: Set<CInt> = []
    var folders: Set<String> = []
  }

  private static let running = Mutex(Running())

  /// Starts the leader of a process group and registers the group. The cleanup can't happen between the two.
  static func addGroup(_ start: () throws(Errno) -> CInt) throws(Errno) -> CInt {
    try running.withLock { running throws(Errno) in
      let leader = try start()
      running.groups.insert(leader)
      return leader
    }
  }

  /// Creates a folder and registers it. The cleanup can't happen between the two.
  static func addFolder(_ create: () throws(Errno) -> String) throws(Errno) -> String {
    try running.withLock { running throws(Errno) in
      let folder = try create()
      running.folders.insert(folder)
      return folder
    }
  }

  static func remove(groups: Set<CInt>) { running.withLock { $0.groups.subtract(groups) } }

  static func remove(folder: String) { running.withLock { _ = $0.folders.remove(folder) } }

  /// After this call SIGINT, SIGTERM and SIGHUP end all runs and then this process, with status 128 plus the signal's
  /// number. For commands; users of the library may handle signals in another way.
  ///
  /// - Parameter last: Called before the process ends, for example to write a partial report. It must not start a run.
  public static func watch(last: @escaping @Sendable () -> Void = {}) {
    // Processes that escaped from their runs where no control group is allowed: they became children of this process.
    _ = atexit { SignalCleanup.end(Running()) }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      System.handle(number) {
        // The process exits while it holds the lock, so that no thread starts another program or creates a folder.
        running.withLock { running in
          end(running)
          last()
          exit(128 + number)
        }
      }
    }
  }

  private static func end(_ running: Running) {
    for group in running.groups {
      for descendant in ProcFS.descendants(of: group) { System.send(SIGKILL, to: descendant) }
      System.send(SIGKILL, toGroup: group)
    }
    // Their orphans become children of this process in turn, until none is left.
    let clock = ContinuousClock()
    let deadline = clock.now + Limits.settling
    while clock.now < deadline {
      let children = ProcFS.children(of: System.processIdentifier).filter { $0 != Guard.process }
      if children.isEmpty { break }
      for child in children {
        System.send(SIGKILL, to: child)
        _ = try? System.reap(child)
      }
      var none: [System.Watch] = []
      System.poll(&none, milliseconds: 1)
    }
    for folder in running.folders { System.removeTree(folder) }
  }
}
