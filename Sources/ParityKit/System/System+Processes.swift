internal import CProcess
internal import Dispatch
internal import Glibc
internal import Synchronization
internal import SystemPackage

extension System {
  /// How to start a program.
  struct Launch {
    let path: String
    let words: [String]
    let environment: [String]
    let folder: String
    let input: CInt
    let output: CInt
    let error: CInt
    /// Whether the program leads a session of its own, which signals to the judge's session do not reach.
    var hasSession = false
    /// What the program and all of its descendants are known by.
    var mark: ProcessMark?
  }

  /// The status and resource usage of a reaped process, including the children that it waited for.
  struct Ending {
    /// The status of wait(2).
    let status: CInt
    let processorTime: Duration
    let peakMemory: Int
  }

  /// Starts a program in a process group of its own, with default signal handling, and with no descriptors but 0 to 2.
  static func spawn(_ launch: Launch) throws(Errno) -> CInt {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    for (number, descriptor) in [launch.input, launch.output, launch.error].enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(number))
    }
    unsafe _ = posix_spawn_file_actions_addclosefrom_np(&actions, 3)
    unsafe _ = posix_spawn_file_actions_addchdir_np(&actions, launch.folder)

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let leads = launch.hasSession ? CInt(POSIX_SPAWN_SETSID) : POSIX_SPAWN_SETPGROUP
    let flags = leads | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

    var process: pid_t = 0
    let error = unsafe withPointers(launch.words) { words in
      unsafe withPointers(launch.environment) { environment in
        starting.withLock { _ in
          withLockLimit(launch.mark?.number) {
            unsafe posix_spawn(&process, launch.path, &actions, &attributes, words, environment)
          }
        }
      }
    }
    guard error == 0 else { throw Errno(rawValue: error) }
    return process
  }

  /// Runs the body with another limit of file locks, which a child inherits. Nothing changes where this is not allowed.
  /// A child that another thread starts at this moment has the limit, too, so only the guard goes by it.
  private static func withLockLimit<R>(_ number: UInt?, _ body: () -> R) -> R {
    let kind = CInt(__RLIMIT_LOCKS.rawValue)
    var before = rlimit()
    guard let number, unsafe getrlimit(kind, &before) == 0 else { return body() }
    var own = rlimit(rlim_cur: number, rlim_max: before.rlim_max)
    unsafe _ = setrlimit(kind, &own)
    defer { unsafe _ = setrlimit(kind, &before) }
    return body()
  }

  private static func withPointers<R>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
  ) -> R {
    let copies = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe copies.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
  }

  /// Opens a descriptor that becomes readable when the process ends. The corresponding system call is pidfd_open(2).
  static func watchEnd(of process: CInt) throws(Errno) -> CInt { CInt(try call { pidfd_open(process, 0) }) }

  /// Reaps a child that has ended; nil if it is still running.
  static func reap(_ process: CInt) throws(Errno) -> Ending? {
    var (status, usage) = (CInt(), rusage())
    guard try call({ unsafe wait4(process, &status, WNOHANG, &usage) }) > 0 else { return nil }
    let times = [usage.ru_utime, usage.ru_stime].map { Duration.seconds($0.tv_sec) + .microseconds($0.tv_usec) }
    return Ending(status: status, processorTime: times[0] + times[1], peakMemory: usage.ru_maxrss * 1024)
  }

  /// The peak memory of this process in bytes.
  static var peakMemory: Int {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  static func send(_ signal: CInt, to process: CInt) { _ = kill(process, signal) }

  static func send(_ signal: CInt, toGroup group: CInt) { _ = kill(-group, signal) }

  static func ignore(_ signal: CInt) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = SIG_IGN
    unsafe _ = sigaction(signal, &action, nil)
  }

  /// Calls the handler for each signal of this number. A signal that arrives after this function returns is not lost.
  static func handle(_ number: CInt, _ handler: @escaping @Sendable () -> Void) {
    ignore(number)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    let isWatched = DispatchSemaphore(value: 0)
    // The handler and the source retain each other for the life of the process.
    source.setEventHandler { withExtendedLifetime(source, handler) }
    source.setRegistrationHandler { isWatched.signal() }
    source.resume()
    // Until then the signal is ignored.
    isWatched.wait()
  }

  /// Adopts orphaned descendants of this process (PR_SET_CHILD_SUBREAPER, prctl(2)), so that none is lost.
  static func adoptOrphans() { _ = adopt_orphans() }
}
