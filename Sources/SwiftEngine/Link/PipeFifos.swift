// The two FIFOs of a pipe, and their names.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

final class PipeFifos {
  enum Phase {
    /// The server has to create FIFOs.
    case none
    /// Created for the next client, and not open yet.
    case new
    /// Open; the peer has not opened its writing end, as far as this end knows.
    case open
    /// The peer has opened its writing end.
    case connected
  }

  private let name: [UInt8]
  private let lock: NameLock
  var phase = Phase.none
  let input = DescriptorSlot()
  let output = DescriptorSlot()
  /// The server's own reader of NAME.out, until the peer has opened it.
  let placeholder = DescriptorSlot()
  /// A server's FIFOs in inotify(7).
  private var watchedInput: CInt?
  private var watchedOutput: CInt?

  init(_ name: [UInt8], _ lock: NameLock) {
    self.name = name
    self.lock = lock
  }

  func path(_ suffix: String) -> [UInt8] { name + Array(suffix.utf8) }

  /// Whether NAME.lock is still the file that this end has open.
  var hasName: Bool {
    var (named, opened) = (stat(), stat())
    return System.status(path(".lock"), &named) == 0 && System.status(lock.number, &opened) == 0
      && named.st_dev == opened.st_dev && named.st_ino == opened.st_ino
  }

  /// Opens NAME.lock.
  func openRendezvous(_ flags: CInt) throws(Cause) -> Descriptor {
    let flags = flags | O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    do {
      return try Descriptor(System.open(path(".lock"), flags, S_IRUSR | S_IWUSR))
    } catch {
      throw NameLock.openError(error)
    }
  }

  /// Opens or creates NAME.lock, and locks it. Retries if the former server has removed the file meanwhile.
  func claimName() throws(Cause) {
    while true {
      let file = try openRendezvous(O_CREAT)
      var status = stat()
      try lock.check(file.number, S_IFREG)
      try Cause.check(System.status(file.number, &status))
      guard status.st_size == 0 || status.st_size == PipeRendezvous.size else { throw .local(.kind) }
      try Cause.check(System.setMode(file.number, S_IRUSR | S_IWUSR))  // the umask may have removed some
      try lock.acquireServer(file)
      if hasName { return }
      lock.drop()
    }
  }

  // MARK: The names

  private func checkOwnFifo(_ status: stat) throws(Cause) {
    if status.st_mode & S_IFMT != S_IFIFO { throw .local(.kind) }
    if status.st_uid != geteuid() { throw .local(.owner) }
  }

  /// Removes a FIFO of this name, if it is our own.
  /// - Throws: `LocalError`.
  private func removeFifo(_ suffix: String) throws(Cause) {
    do {
      var status = stat()
      try Cause.check(System.status(path(suffix), &status))
      try checkOwnFifo(status)
      try Cause.check(System.unlink(path(suffix)))
    } catch {
      guard error == .system(.noSuchFileOrDirectory) else { throw error }
    }
  }

  /// Creates a FIFO under another name and renames it, so that there is one at any time.
  private func replaceFifo(_ suffix: String) throws(Cause) {
    var status = stat()
    try removeFifo(".new")
    if System.status(path(suffix), &status) == 0 { try checkOwnFifo(status) }
    try Cause.check(System.makeFIFO(path(".new"), S_IRUSR | S_IWUSR))
    try File.setMode(path(".new"), S_IFIFO, S_IRUSR | S_IWUSR)  // the umask may have removed some
    try Cause.check(System.rename(path(".new"), path(suffix)))
  }

  /// Creates both FIFOs anew for each client: a process that has the former ones open, or was killed with bytes in
  /// them, shares nothing with the next client.
  /// - Throws: ESTALE if another server may own the names, `LocalError`.
  func create() throws(Cause) {
    phase = .none
    guard hasName else { throw .system(.staleNFSFileHandle) }
    try replaceFifo(".in")
    try replaceFifo(".out")
    phase = .new
  }

  /// Removes all names, if they are still our own.
  func removeNames() {
    guard hasName else { return }
    for suffix in [".in", ".out", ".new"] { try? removeFifo(suffix) }
    _ = System.unlink(path(".lock"))  // last: its lock is what makes the names ours
  }

  // MARK: The descriptors

  /// Opens one end of a FIFO, and checks that it can be trusted.
  func openEnd(_ suffix: String, _ flags: CInt) throws(Cause) -> Descriptor {
    do {
      let end = try Descriptor(System.open(path(suffix), flags | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC))
      try lock.check(end.number, S_IFIFO)
      return end
    } catch {
      throw error == .system(.tooManySymbolicLinkLevels) ? .local(.kind) : error
    }
  }

  /// Closes this end's FIFOs.
  func close() {
    output.close()
    input.close()
    placeholder.close()
  }

  /// Returns the FIFO's number in inotify(7), or nil if it can't be watched: then ticks replace the events.
  private func watchFifo(_ suffix: String) -> CInt? {
    lock.watch(path(suffix), UInt32(IN_OPEN) | UInt32(IN_DONT_FOLLOW))
  }

  /// Closes the placeholder reader briefly, to test for another reader.
  private func checkReader() throws(Cause) {
    var set: [1 of pollfd] = [pollfd(output.number, for: .writable)]
    placeholder.close()
    try Cause.check(System.poll(&set, until: Deadline(after: .zero)))
    if CInt(set[0].revents) & POLLERR != 0 { placeholder.open(try openEnd(".out", O_RDONLY)) }
  }

  /// Checks again for a reader: one that opened NAME.out by hand between the first check and the watch causes no event.
  func recheckReader() throws(Cause) {
    guard placeholder.isOpen, hasName else { return }
    if let watched = watchedOutput { lock.unwatch(watched) }
    watchedOutput = nil
    try checkReader()
    watchedOutput = watchFifo(".out")
  }

  /// Opens a server's ends of new FIFOs. A writer can only be opened while there is a reader, so the server opens a
  /// placeholder reader as well, and keeps it until the peer reads.
  func open() throws(Cause) {
    if phase != .new { try create() }
    phase = .open
    do {
      input.open(try openEnd(".in", O_RDONLY))
      placeholder.open(try openEnd(".out", O_RDONLY))
      output.open(try openEnd(".out", O_WRONLY))
      try checkReader()  // before the watch, which would report this opening
    } catch {
      close()
      throw error
    }
    watchedInput = watchFifo(".in")
    watchedOutput = watchFifo(".out")
  }

  /// Reads a server's inotify(7). Returns `.readable` if somebody has opened NAME.in, `.writable` for NAME.out.
  func drain() -> Readiness {
    var opened: Readiness = []
    while true {
      let events = lock.events()
      if events.isEmpty { return opened }
      for event in events where event.mask & UInt32(IN_OPEN) != 0 {
        if event.watched == watchedInput { opened.insert(.readable) }
        if event.watched == watchedOutput { opened.insert(.writable) }
      }
    }
  }

  // MARK: What the peer has opened

  /// Whether the peer has opened its writing end. Reading can't tell a FIFO that no writer has opened yet from one that
  /// the last writer has closed; poll(2) can.
  var hasWriter: Bool { phase == .connected || pollForWriter() }

  /// Not inlined: a clock's reader needs stack that is measured at each call.
  @inline(never)
  private func pollForWriter() -> Bool {
    var set: [1 of pollfd] = [pollfd(input.number, for: .readable)]
    if System.poll(&set, until: Deadline(after: .zero)) <= 0 { return false }
    phase = .connected
    return true
  }

  /// Whether a process has opened NAME.out by hand, and none NAME.in: then only the closing of the reader shows the
  /// end.
  var hasOnlyReader: Bool { lock.isServer && lock.ticket == 0 && !placeholder.isOpen && phase == .open }

  /// Whether such a reader has closed NAME.out. No bytes can come or go any more. Not inlined, for
  /// the same reason.
  @inline(never)
  func hasLostReader() -> Bool {
    guard hasOnlyReader, output.isOpen, !hasWriter else { return false }
    var set: [1 of pollfd] = [pollfd(output.number, for: [])]
    return System.poll(&set, until: Deadline(after: .zero)) > 0
  }
}
