// A pipe: two FIFOs, and a file beside them at which client and server meet.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

final class PipeLink: LinkTransport {
  private let lock: NameLock
  private let handshake: Handshake
  private let fifos: PipeFifos
  private var phase = LinkPhase()

  private init(_ name: [UInt8], _ lock: NameLock) {
    self.lock = lock
    handshake = Handshake(lock: lock, isPipe: true)
    fifos = PipeFifos(name, lock)
  }

  // MARK: The server

  static func listen(_ name: [UInt8], _: LinkSizes, _ lock: NameLock) throws(Cause) -> PipeLink {
    let link = PipeLink(name, lock)
    try link.fifos.claimName()
    do {
      // All at once: a client takes a part of it for something else.
      try File.write(link.lock.number, at: 0, PipeRendezvous())
      link.lock.watch()
      try link.fifos.open()
    } catch {
      link.fifos.removeNames()
      throw error
    }
    return link
  }

  private func waitForClient(readable: CInt?, extra: FileDescriptor?, until deadline: Deadline) throws(Cause) {
    let change = try lock.waitForChange(readable: readable, extra: extra, until: deadline)
    if change == .tick { try fifos.recheckReader() }
  }

  /// The client is gone, or its state no longer has its ticket. It may have opened a FIFO, so the next client gets new
  /// ones.
  private func giveUpClient() throws(Cause) {
    defer { lock.ticket = 0 }
    try? handshake.write(.ended)  // the next client waits for it
    do { try fifos.create() } catch {
      fifos.close()
      throw error
    }
    fifos.close()
    try fifos.open()
  }

  /// Answers a hello, and waits until the client has opened the FIFOs. Returns whether there is a client.
  private func welcome(extra: FileDescriptor?, until deadline: Deadline) throws(Cause) -> Bool {
    lock.ticket = handshake.findClient() ?? 0
    if lock.ticket == 0 { return false }
    try handshake.write(.welcome)
    while !handshake.peerHasOpened {
      guard lock.hasClient(lock.ticket), handshake.peerState != nil else {
        try giveUpClient()
        return false
      }
      do {
        defer { _ = fifos.drain() }
        try waitForClient(readable: nil, extra: extra, until: deadline)
      } catch {
        // A client that has connected is served.
        guard error == .system(.canceled), handshake.peerHasOpened else { throw error }
      }
    }
    fifos.placeholder.close()
    return true
  }

  func accept(extra: FileDescriptor?, until deadline: Deadline) throws(Cause) {
    phase = LinkPhase()
    if !fifos.input.isOpen { try fifos.open() }
    while true {
      let opened = fifos.drain()
      if opened.contains(.writable) { fifos.placeholder.close() }
      if !opened.isEmpty || !fifos.placeholder.isOpen || fifos.hasWriter {
        lock.ticket = 0  // by hand: a client of this protocol opens nothing before its welcome
        return
      }
      if try welcome(extra: extra, until: deadline) { return }
      try waitForClient(readable: fifos.input.number, extra: extra, until: deadline)
    }
  }

  // MARK: The client

  private func findRendezvous() throws(Cause) {
    lock.open(try fifos.openRendezvous(0))
    try lock.check(lock.number, S_IFREG)
    guard lock.hasServer else { throw .system(.connectionRefused) }
    var head: UInt64 = 0  // the states behind it may not be written yet
    let count = try File.read(lock.number, at: 0, &head)
    if count == 0 { throw .system(.connectionRefused) }  // the server is about to write it
    guard count == MemoryLayout<UInt64>.size, head == PipeRendezvous.expectedHead else { throw .local(.kind) }
  }

  static func connect(
    _ name: [UInt8], waits: Bool, until deadline: Deadline, _ lock: NameLock
  ) throws(Cause) -> PipeLink {
    let link = PipeLink(name, lock)
    let fifos = link.fifos
    try link.findRendezvous()
    try link.handshake.connect(waits: waits, until: deadline)
    do {
      fifos.output.open(try fifos.openEnd(".in", O_WRONLY))
    } catch {
      throw error == .system(.noSuchAddressOrDevice) ? .system(.connectionRefused) : error
    }
    fifos.input.open(try fifos.openEnd(".out", O_RDONLY))
    fifos.phase = .connected
    try link.handshake.write(.opened)
    return link
  }

  // MARK: Both

  private func readSome(_ buffer: inout MutableSpan<UInt8>, at offset: Int) throws(Cause) -> Int? {
    guard fifos.hasWriter else { return nil }
    return try Cause.ready(System.read(fifos.input.number, &buffer, after: offset))
  }

  func receive(into buffer: inout MutableSpan<UInt8>, at offset: Int) throws(Cause) -> Int? {
    if !phase.canReceive { return 0 }
    var count = try readSome(&buffer, at: offset)
    if count == nil {
      if fifos.hasLostReader() {
        phase.peer = .ended
        return 0
      }
      if lock.peerIsAlive { return nil }
      count = try readSome(&buffer, at: offset)  // bytes that the peer sent before it died may have come meanwhile
    }
    if let count, count > 0 { return count }
    guard handshake.peerHasEnded else { throw .system(.previousOwnerDied) }
    let hasFailed = handshake.peerHasFailed
    phase.peer = hasFailed ? .closed : .ended
    if hasFailed { throw .system(.connectionReset) }
    return 0
  }

  func send(_ bytes: Span<UInt8>) throws(Cause) -> Int? {
    if !phase.canSend { throw .system(.brokenPipe) }
    do {
      if !fifos.placeholder.isOpen,
        let count = try Cause.ready(System.write(fifos.output.number, bytes))
      {
        return count
      }
      if lock.peerIsAlive { return nil }
    } catch {
      guard error == .system(.brokenPipe) else { throw error }
    }
    if lock.isServer { throw .system(handshake.peerHasClosed ? .brokenPipe : .previousOwnerDied) }
    // A living server writes its end before it closes. Without one, it still waits for this client's bytes.
    throw .system(lock.peerIsAlive && !handshake.peerHasEnded ? .connectionReset : .brokenPipe)
  }

  func halfClose() throws(Cause) -> Bool {
    if phase.isHalfClosed { return true }
    defer {
      fifos.output.close()
      phase.isHalfClosed = true
    }
    if lock.ticket > 0 { try handshake.write(.ended) }
    return true
  }

  func disconnect(failed: Bool) throws(Cause) {
    let end = lock.isServer ? HandshakeState.ended : .closed
    let isConnected = fifos.input.isOpen
    defer {
      // Before closing, or an open(2) by hand could block on a FIFO without a peer.
      if isConnected, lock.isServer { try? fifos.create() }
      fifos.close()
      lock.ticket = 0
      phase = .disconnected
    }
    if isConnected, lock.ticket > 0 { try handshake.write(failed ? .reset : end) }
  }

  private func drainWatch() {
    if !lock.isServer { return lock.drain() }
    if fifos.drain().contains(.writable) { fifos.placeholder.close() }
  }

  func wait(for events: Readiness, extra: FileDescriptor?, timeout: Duration?) throws(Cause) -> Readiness {
    let deadline = Deadline(after: timeout)
    while true {
      let reads = events.contains(.readable)
      let writes = events.contains(.writable) && !fifos.placeholder.isOpen
      let request = NameLock.Request(
        events: events, input: reads ? fifos.input.number : nil,
        output: writes || (reads && fifos.hasOnlyReader) ? fifos.output.number : nil,
        outputEvent: writes ? .writable : .readable, extra: extra)
      var found = try lock.poll(request, until: deadline)
      if found.isEmpty { try fifos.recheckReader() }
      if found.remove(.changed) != nil { drainWatch() }
      if !found.isEmpty { return found }
    }
  }

  func removeNames() { fifos.removeNames() }
}
