// The locks on a link's name, which end with their process, and waiting for a peer that may die.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

/// One end's part of the locks on a name.
final class NameLock {
  private static let (server, client, firstTicket): (UInt64, UInt64, UInt64) = (0, 1, 2)  // see link_protocol.h
  private static let tickets = 1000  // drawn by one client: it fails if all of them are taken

  let isServer: Bool
  /// The file with the locks.
  private let rendezvous = DescriptorSlot()
  /// Notices changes of the rendezvous, and of a pipe server's FIFOs: inotify(7).
  private let inotify = DescriptorSlot()
  /// Of the connected client; 0: there is none, or it opened a FIFO by hand.
  var ticket: UInt64 = 0
  /// After EADDRINUSE, the server that owns the name, if /proc/locks shows it.
  private(set) var holder: CInt?

  init(isServer: Bool) { self.isServer = isServer }

  deinit { release() }

  /// The number of the rendezvous; -1 if it is not open.
  var number: CInt { rendezvous.number }

  /// Takes over the rendezvous.
  func open(_ file: consuming Descriptor) { rendezvous.open(file) }

  /// Closes the rendezvous.
  func drop() { rendezvous.close() }

  // MARK: Locks

  /// Returns false if another process has locked the byte.
  private func setLock(_ byte: UInt64) throws(Cause) -> Bool { try Cause.ready(System.lock(number, byte: byte)) != nil }

  private func isLocked(_ bytes: Range<UInt64>) -> Bool { System.isLocked(number, bytes) }

  /// The process with flock(2) on the file, from /proc/locks: `1: FLOCK  ADVISORY  WRITE 4955 00:14:47958775 0 EOF`.
  private func findHolder() -> CInt? {
    var status = stat()
    guard System.status(number, &status) == 0, let locks = System.text(ofFile: "/proc/locks") else { return nil }
    for line in locks.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 5, words[1] == "FLOCK", words[3] == "WRITE" else { continue }
      let file = words[5].split(separator: ":")
      guard file.count == 3, let major = UInt32(file[0], radix: 16), let minor = UInt32(file[1], radix: 16),
        System.device(major, minor) == status.st_dev, file[2] == "\(status.st_ino)"
      else { continue }
      return CInt(words[4]).flatMap { $0 > 0 ? $0 : nil }
    }
    return nil
  }

  /// Takes over the rendezvous, and locks the server's byte. Returns, with or without the lock, if the rendezvous has
  /// lost its name: then the caller retries. On failure closes it; before that, removes it unless it is in use.
  /// - Throws: EADDRINUSE; `holder` is then the process that has the lock.
  func acquireServer(_ file: consuming Descriptor, orRemove remove: () -> Void = {}) throws(Cause) {
    open(file)
    do throws(Cause) {
      let isFree = try setLock(Self.server)
      if !isFree, !hasName { return }
      holder = isFree ? nil : findHolder()
      // flock(2) shows other processes the holder.
      guard isFree, try Cause.ready(System.tryLock(number)) != nil else { throw .system(.addressInUse) }
    } catch {
      if error != .system(.addressInUse) { remove() }
      drop()
      throw error
    }
  }

  /// Whether another process has locked the server's byte.
  var hasServer: Bool { isLocked(Self.server..<Self.server + 1) }

  /// Whether the server accepts clients. After a stop it has given up its name, and serves only the client that it has.
  var isOpen: Bool { hasServer && hasName }

  /// Whether the client with this ticket is alive and has locked the client's byte.
  func hasClient(_ ticket: UInt64) -> Bool {
    ticket >= Self.firstTicket && ticket < UInt64(Int64.max) && isLocked(ticket..<ticket + 1)
      && isLocked(Self.client..<Self.client + 1)
  }

  /// Whether the peer is alive. A peer that opened a FIFO by hand has no lock, and counts as alive.
  var peerIsAlive: Bool { isServer ? ticket == 0 || hasClient(ticket) : hasServer }

  // MARK: Waiting

  /// The time until the deadline, at most `Limit.peerCheck`.
  static func slice(_ deadline: Deadline) -> Duration {
    deadline.duration.map { min($0, Limit.peerCheck) } ?? Limit.peerCheck
  }

  /// What `poll` polls besides inotify(7).
  struct Request {
    /// What the caller waits for; all are returned once the peer is dead.
    var events: Readiness = []
    /// What is ready already.
    var ready: Readiness = []
    var input: CInt?
    var output: CInt?
    /// `.writable`; or `.readable` if only the closing of `output` matters, which returns this event.
    var outputEvent = Readiness.writable
    var extra: FileDescriptor?
  }

  /// Polls once, at most until the deadline or for `Limit.peerCheck`. Returns `.readable` for `input`, `outputEvent` for
  /// `output`, `.extra` and `.changed`. If none of the first three is ready and the peer is dead, returns the events, so
  /// that the caller's next call reports the death. An empty result is a tick: nothing happened for that time.
  /// - Throws: ETIMEDOUT.
  func poll(_ request: Request, until deadline: Deadline) throws(Cause) -> Readiness {
    let timeout = request.ready.isEmpty ? Self.slice(deadline) : .zero
    var set: [4 of pollfd] = [
      pollfd(request.input, for: .readable),
      pollfd(request.output, for: request.outputEvent.intersection(.writable)),
      pollfd(request.extra?.rawValue, for: .readable),
      pollfd(inotify.number, for: .readable),
    ]
    let ready = try Cause.check(System.poll(&set, until: Deadline(after: timeout)))
    var found = request.ready
    if set[0].revents != 0 { found.insert(.readable) }
    if set[1].revents != 0 { found.insert(request.outputEvent) }
    if set[2].revents != 0 { found.insert(.extra) }
    if found.isEmpty, !request.events.isEmpty, !peerIsAlive { found = request.events }
    if found.isEmpty, ready == 0, timeout <= .zero { throw .system(.timedOut) }
    if set[3].revents != 0 { found.insert(.changed) }
    return found
  }

  /// Polls until an event is ready, for a transport that only drains inotify(7) after a change.
  func wait(_ request: Request, until deadline: Deadline) throws(Cause) -> Readiness {
    while true {
      var found = try poll(request, until: deadline)
      if found.remove(.changed) != nil { drain() }
      if !found.isEmpty { return found }
    }
  }

  enum Change {
    case changed
    /// Nothing has happened for `Limit.peerCheck`.
    case tick
  }

  /// Waits until the rendezvous changes, or `readable` is readable, or for `Limit.peerCheck`. A client drains
  /// inotify(7); a server does so itself.
  /// - Throws: ECANCELED if `extra` is readable, ETIMEDOUT.
  @discardableResult
  func waitForChange(
    readable: CInt? = nil, extra: FileDescriptor? = nil, until deadline: Deadline
  ) throws(Cause) -> Change {
    let found = try poll(Request(input: readable, extra: extra), until: deadline)
    if found.contains(.extra) { throw .system(.canceled) }
    if found.contains(.changed), !isServer { drain() }
    return found.isEmpty ? .tick : .changed
  }

  // MARK: A client's ticket

  /// The ticket is the monotonic time, so later clients have higher tickets, and none is used twice.
  private func drawTicket() throws(Cause) {
    ticket = System.ticks()
    for _ in 1...Self.tickets { if try setLock(ticket) { return } else { ticket += 1 } }
    throw .system(.ioError)
  }

  /// Draws a ticket, and waits until it is the lowest and the client's byte is free.
  /// - Throws: EBUSY if it would have to wait and may not, ECONNREFUSED if the server accepts no clients, ETIMEDOUT.
  func acquireClient(waits: Bool, until deadline: Deadline) throws(Cause) {
    try drawTicket()
    while true {
      guard isOpen else { throw .system(.connectionRefused) }
      // The lock decides between two clients of which each saw no lower ticket than its own.
      if !isLocked(Self.firstTicket..<ticket), try setLock(Self.client) { return }
      if !waits { throw .system(.resourceBusy) }
      try waitForChange(until: deadline)
    }
  }

  /// Releases all locks. Closing is not enough: a child between fork(2) and exec(3) shares them.
  func release() {
    if number >= 0 { System.unlockAll(number) }
  }

  // MARK: The rendezvous

  /// Opens `inotify`: it is readable after a descriptor of the rendezvous was closed, or the rendezvous was written or
  /// lost its name. If the system has no inotify(7) left, it stays closed, and changes are noticed only after `Limit.peerCheck`.
  func watch() {
    guard let watch = try? Descriptor(System.createWatch()) else { return }
    let events = UInt32(IN_CLOSE_WRITE) | UInt32(IN_CLOSE_NOWRITE) | UInt32(IN_MODIFY) | UInt32(IN_ATTRIB)
    guard System.watch(watch.number, Array("/proc/self/fd/\(number)".utf8), events) >= 0 else { return }
    inotify.open(watch)
  }

  /// Adds a file to `inotify`; returns its number there, or nil if the file can't be watched.
  func watch(_ path: [UInt8], _ events: UInt32) -> CInt? {
    let watched = inotify.isOpen ? System.watch(inotify.number, path, events) : -1
    return watched >= 0 ? CInt(watched) : nil
  }

  func unwatch(_ watched: CInt) { System.unwatch(inotify.number, watched) }

  /// Reads events of `inotify`; there are none left when the result is empty.
  func events() -> [(watched: CInt, mask: UInt32)] { inotify.isOpen ? System.events(inotify.number) : [] }

  /// Reads and drops the events of `inotify`.
  func drain() { while !events().isEmpty {} }

  /// Checks that an object that was opened is of this type (S_IFREG and so on; nil for a queue), that it is private,
  /// and that it is our own; a client also trusts root's.
  /// - Throws: `LocalError`.
  func check(_ number: CInt, _ type: mode_t?) throws(Cause) {
    var status = stat()
    try Cause.check(System.status(number, &status))
    if let type, status.st_mode & S_IFMT != type { throw .local(.kind) }
    if status.st_uid != geteuid(), isServer || status.st_uid != 0 { throw .local(.owner) }
    if status.st_mode & (S_IRWXG | S_IRWXO) != 0 { throw .local(.mode) }
  }

  /// The error of opening a rendezvous: `LocalError.kind` if there is a symbolic link, a directory or a socket instead.
  static func openError(_ error: Cause) -> Cause {
    switch error {
    case .system(.tooManySymbolicLinkLevels), .system(.isDirectory), .system(.noSuchAddressOrDevice): .local(.kind)
    default: error
    }
  }

  /// Whether the rendezvous still has its name. Without it, the next server owns the name.
  var hasName: Bool { Self.hasName(number) }

  static func hasName(_ number: CInt) -> Bool {
    var status = stat()
    return System.status(number, &status) == 0 && status.st_nlink > 0
  }
}
