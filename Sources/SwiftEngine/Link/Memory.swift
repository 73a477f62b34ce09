// Shared memory: one object, which is the rendezvous and has a ring for each direction. The rings return integers, as
// their callers are a session's hot path: a message takes about 30 ns.
internal import IPC
internal import SystemPackage

final class MemoryLink: LinkTransport {
  private enum Connection {
    /// There is no phase.
    case idle
    /// `ring` is open.
    case connected
    /// `ring` is still open, for what the peer sent before.
    case peerDied
  }

  private let lock: NameLock
  private let handshake: Handshake
  private let object: MemoryObject
  private let pollThread: PollThread
  private let ring = RingSlot()
  private var connection = Connection.idle
  private var phase = LinkPhase()
  /// Of the server's last client, whose hello stays in the object until the next one's.
  private var lastTicket: UInt64 = 0

  private init(_ name: [UInt8], _ sizes: LinkSizes, _ lock: NameLock) {
    self.lock = lock
    handshake = Handshake(lock: lock, isPipe: false)
    object = MemoryObject(name, capacity: sizes.ring, lock)
    pollThread = PollThread(object)
  }

  // MARK: The server

  static func listen(_ name: [UInt8], _ sizes: LinkSizes, _ lock: NameLock) throws(Cause) -> MemoryLink {
    let link = MemoryLink(name, sizes, lock)
    try link.object.create()
    link.lock.watch()
    do { try link.object.map() } catch {
      link.object.remove()
      throw error
    }
    return link
  }

  private func openRing() throws(Cause) {
    ring.open(try object.openRing())
    connection = .connected
  }

  /// Answers a hello. No process uses the rings then: the last client has released its lock, and the next one waits for
  /// its welcome. Returns whether there is a client.
  private func welcome() throws(Cause) -> Bool {
    guard let ticket = handshake.findClient(), ticket != lastTicket else { return false }
    do { try openRing() } catch {
      guard error == .system(.protocolError) else { throw error }
      return false  // another process writes into the rings; the server retries
    }
    (lock.ticket, lastTicket) = (ticket, ticket)
    try handshake.write(.welcome)
    return true
  }

  func accept(extra: FileDescriptor?, until deadline: Deadline) throws(Cause) {
    phase = LinkPhase()
    while true {
      lock.drain()
      if try welcome() { return }
      try lock.waitForChange(extra: extra, until: deadline)
    }
  }

  func removeNames() { object.remove() }

  // MARK: The client

  static func connect(
    _ name: [UInt8], waits: Bool, until deadline: Deadline, _ lock: NameLock
  ) throws(Cause) -> MemoryLink {
    let link = MemoryLink(name, LinkSizes(), lock)
    do {
      try link.object.find()
      try link.handshake.connect(waits: waits, until: deadline)
      try link.openRing()
    } catch {
      throw error == .system(.protocolError) ? .local(.kind) : error
    }
    return link
  }

  // MARK: Both

  // `receive`, `send` and `wait` are inlined into their witnesses, so that a message takes one indirect call.

  @inline(__always)
  func receive(into buffer: inout MutableSpan<UInt8>, at offset: Int) throws(Cause) -> Int? {
    if !phase.canReceive { return 0 }
    let count = ring.receive(into: &buffer, after: offset)
    if count > 0 { return count }
    return try receivedNothing(count, hasRoom: buffer.count > offset)
  }

  @inline(never)
  private func receivedNothing(_ result: Int, hasRoom: Bool) throws(Cause) -> Int? {
    guard let count = try checkRing(result) else {
      if connection == .peerDied { throw .system(.previousOwnerDied) }
      return nil
    }
    if hasRoom { phase.peer = .ended }
    return count
  }

  private func checkRing(_ result: Int) throws(Cause) -> Int? {
    do { return try Cause.ready(result) } catch {
      if error == .system(.connectionReset) { phase.peer = .closed }
      throw error == .system(.protocolError) ? .system(.badMessage) : error
    }
  }

  @inline(__always)
  func send(_ bytes: Span<UInt8>) throws(Cause) -> Int? {
    if !phase.canSend { throw .system(.brokenPipe) }
    let count = ring.send(bytes)
    return count > 0 ? count : try sentNothing(count)
  }

  @inline(never)
  private func sentNothing(_ result: Int) throws(Cause) -> Int? {
    let count = try checkRing(result)
    if count == nil, connection == .peerDied { throw .system(lock.isServer ? .previousOwnerDied : .brokenPipe) }
    return count
  }

  func halfClose() throws(Cause) -> Bool {
    if phase.isHalfClosed { return true }
    phase.isHalfClosed = true
    if connection == .idle { throw .system(.socketNotConnected) }
    ring.halfClose()
    return true
  }

  func disconnect(failed: Bool) {
    pollThread.end()
    if failed { ring.reset() } else { ring.close() }
    ring.drop()
    lock.ticket = 0
    (connection, phase) = (.idle, .disconnected)
  }

  /// Waits without rings: before or after a conversation, or only for the extra descriptor.
  @inline(never)
  private func waitWithoutRing(
    _ events: Readiness, _ extra: FileDescriptor?, _ timeout: Duration?
  ) throws(Cause) -> Readiness {
    try lock.wait(NameLock.Request(events: events, extra: extra), until: Deadline(after: timeout))
  }

  /// Checks the ring and the extra descriptor once, without sleeping. Before a sleep (an empty result), the poll thread
  /// watches `extra`.
  private func check(_ events: Readiness, _ extra: FileDescriptor?, spins: Bool) throws(Cause) -> Readiness {
    var isReadable = false
    if let extra { isReadable = try pollThread.check(extra) }
    var ready = ring.ready(for: events)
    if ready.isEmpty, !isReadable, spins { ready = ring.spin(for: events) }
    if ready.isEmpty, !isReadable, let extra { isReadable = try pollThread.watch(extra) }
    return isReadable ? ready.union(.extra) : ready
  }

  /// Sleeps at the ring, at most for `Limit.peerCheck` at a time: the peer's death shows only in its lock. Not inlined:
  /// a clock's reader needs stack that is measured at each call.
  @inline(never)
  private func waitAtRing(
    _ events: Readiness, _ extra: FileDescriptor?, _ timeout: Duration?
  ) throws(Cause) -> Readiness {
    let deadline = Deadline(after: timeout)
    var spins = extra != nil  // without `extra`, `wait` has done so
    while connection != .peerDied {
      let ready = try check(events, extra, spins: spins)
      if !ready.isEmpty { return ready }
      spins = true
      do {
        let milliseconds = NameLock.slice(deadline).milliseconds
        let ready = try Cause.check(ring.sleep(for: events, milliseconds: milliseconds))
        if ready > 0 { return Readiness(rawValue: CInt(ready)) }
      } catch {
        guard error == .system(.timedOut) else { throw error }
        if !lock.peerIsAlive {
          connection = .peerDied
          break
        }
      }
      if deadline.isPast { throw .system(.timedOut) }
    }
    return events
  }

  /// Spins before it reads the clock, which takes longer than most answers.
  @inline(__always)
  func wait(for events: Readiness, extra: FileDescriptor?, timeout: Duration?) throws(Cause) -> Readiness {
    let atRing = events.intersection([.readable, .writable])
    if connection == .idle || atRing.isEmpty { return try waitWithoutRing(events, extra, timeout) }
    if extra == nil, connection == .connected {
      let ready = ring.spin(for: atRing)
      if !ready.isEmpty { return ready }
    }
    return try waitAtRing(events, extra, timeout)
  }

  func forgetExtra() { pollThread.end() }

  deinit { release() }

  private func release() {
    pollThread.end()  // it reads the mapping
    object.unmap()
  }
}
