internal import SystemPackage

/// strace(1) beside one start of a program. It tells what the program asks of the kernel into a FIFO, which is read as
/// it comes: a log that nobody reads to its end would fill a disk. The program stays our child, so that it is started,
/// told to stop and reaped as without.
final class Strace {
  /// Closed once, then -1: what is to be told has been.
  private(set) var descriptor: CInt
  private(set) var log: [UInt8] = []
  /// More came than is kept.
  private(set) var isCut = false
  private(set) var hasBegun = false
  private var isForgotten = false
  private let folder: String

  static var path: String? { Program.locate("strace") }

  init() throws(Errno) {
    folder = try System.makeFolder((System.environment("TMPDIR") ?? "/tmp") + "/parity-calls.XXXXXX")
    SignalCleanup.add(folder: folder)
    descriptor = -1
    try System.makeFIFO(fifo)
    descriptor = try System.openToRead(fifo)
  }

  deinit {
    if descriptor >= 0 { System.close(descriptor) }
    System.removeTree(folder)
    SignalCleanup.remove(groups: [], folder: folder)
  }

  private var fifo: String { folder + "/log" }
  /// What only strace itself has in its environment, and a copy of it that is about to become the program.
  var mark: String { "PARITY_TRACE=\(folder)" }

  /// The words that come before the program's. All calls are told, so that they can be counted, with what descriptors
  /// stand for and without the bytes, which other channels judge. As a daemon of a session of its own (-DDD), strace is
  /// neither the program's parent nor in reach of what it sends to its group.
  func words(_ environment: [String]) -> [String] {
    ["strace", "-DDD", "-f", "-qq", "-y", "-s", "0", "-e", "signal=none", "-o", fifo]
      + (environment + ["PARITY_TRACE"]).flatMap { ["-E", $0] }
  }

  /// The program ended because its port was taken: as if it had not been.
  func forget() {
    log = []
    isForgotten = true
  }

  // MARK: In a poll loop

  var watch: System.Watch? { descriptor >= 0 ? System.Watch(descriptor, input: true) : nil }

  /// To be called when its watch is ready: before strace has opened the FIFO, reading would find an end.
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
      // What can't be read any more has ended.
    }
    System.close(descriptor)
    descriptor = -1
    return 1
  }

  /// Reaps tracers that have ended. They are orphans, and so our children; the session tells one from a program.
  static func reap() {
    for child in ProcFS.children(of: System.processIdentifier)
    where ProcFS.session(of: child) == child && ProcFS.name(of: child) == "strace" && ProcFS.isZombie(child) {
      _ = try? System.reap(child)
    }
  }
}
