internal import Dispatch
internal import Glibc
internal import Synchronization

/// What a signal to the judge must not leave behind: the programs of the runs that are under way, and their folders.
public enum SignalCleanup {
  private struct Running {
    var groups: Set<CInt> = []
    var folders: Set<String> = []
  }

  private static let running = Mutex(Running())

  static func add(group: CInt) { running.withLock { _ = $0.groups.insert(group) } }

  static func add(folder: String) { running.withLock { _ = $0.folders.insert(folder) } }

  static func remove(groups: Set<CInt>, folder: String) {
    running.withLock { running in
      running.groups.subtract(groups)
      running.folders.remove(folder)
    }
  }

  /// From now on SIGINT, SIGTERM and SIGHUP end the runs first, and then this process, with 128 and the signal's number
  /// as its status. For a command; a library's user may have other plans.
  ///
  /// `last` is done before it ends, such as writing what is known so far.
  public static func watch(last: @escaping @Sendable () -> Void = {}) {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      System.ignore(number)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        // The handler keeps the source, and the source the handler, for as long as the process lives.
        withExtendedLifetime(source) { endAll() }
        last()
        exit(128 + number)
      }
      source.resume()
    }
  }

  private static func endAll() {
    // The lock is kept, so that nobody starts another program meanwhile.
    running.withLock { running in
      for group in running.groups {
        for descendant in ProcFS.descendants(of: group) { System.send(SIGKILL, to: descendant) }
        System.send(SIGKILL, toGroup: group)
      }
      // What they leave becomes ours in turn, until there is nobody.
      let clock = ContinuousClock()
      let deadline = clock.now + Limits.settling
      while clock.now < deadline {
        let children = ProcFS.children(of: System.processIdentifier)
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
}
