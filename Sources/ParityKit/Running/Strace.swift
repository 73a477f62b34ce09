internal import SystemPackage

/// strace(1) beside one start of a program. It writes its log into a FIFO, which is read at once: a log file could fill
/// the disk. The program stays a child of this process, so it is started, stopped and reaped as without strace.
final class Strace {
  /// -1 after strace has ended its log.
  private(set) var descriptor: CInt
  private(set) var log: [UInt8] = []
  /// Whether the log was longer than what is kept.
  private(set) var isCut = false
  private(set) var hasBegun = false
  private var isForgotten = false
  private let folder: String

  static var path: String? { Program.locate("strace") }

  init() throws(Errno) {
    folder = try SignalCleanup.addFolder { () throws(Errno) in
      try System.makeFolder("\(System.temporaryFolder)/\(Guard.prefix)calls.XXXXXX")
    }
    descriptor = -1
    try System.makeFIFO(fifo)
    descriptor = try System.openToRead(fifo)
  }

  deinit {
    if descriptor >= 0 { System.close(descriptor) }
    System.removeTree(folder)
    SignalCleanup.remove(folder: folder)
  }

  private var fifo: String { folder + "/log" }
  /// An entry of the environment that only strace has, and its fork before it becomes the program.
  var mark: String { "PARITY_TRACE=\(folder)" }

  /// The command line before the program's. All calls are logged, so that they can be counted, with targets of
  /// descriptors and without data, which other channels compare. -DDD makes strace a daemon in a session of its own, so
  /// that it is not the program's parent and the program's signals to its group do not reach it.
  func words(_ environment: [String]) -> [String] {
    ["strace", "-DDD", "-f", "-qq", "-y", "-s", "0", "-e", "signal=none", "-o", fifo]
      + (environment + ["PARITY_TRACE"]).flatMap { ["-E", $0] }
  }

  /// Ignores this start, because its port was taken.
  func forget() {
    log = []
    isForgotten = true
  }

  // MARK: In a poll loop

  var watch: System.Watch? { descriptor >= 0 ? System.Watch(descriptor, input: true) : nil }

  /// Reads the log. Call it when the watch is ready: before strace has opened the FIFO, a read would find the end.
  func serve() -> Int {
    guard descriptor >= 0 else { return 0 }
    do throws(Errno) {
      guard let bytes = try System.read(descriptor, atMost: Limits.chunk) else { return 0 }
      if !bytes.isEmpty {
        hasBegun = true
        let kept = bytes.prefix(isForgotten ? 0 : Limits.calls - log.count)
        log += kept
        isCut = isCut || (kept.count < bytes.count && !isForgotten)
        return bytes.count
      }
    } catch {
      // A read error counts as the end of the log.
    }
    System.close(descriptor)
    descriptor = -1
    return 1
  }

  /// Reaps tracers that have ended. As orphans they are children of this process; their session distinguishes them from
  /// programs.
  static func reap() {
    for child in ProcFS.children(of: System.processIdentifier)
    where ProcFS.session(of: child) == child && ProcFS.name(of: child) == "strace" && ProcFS.isZombie(child) {
      _ = try? System.reap(child)
    }
  }
}
