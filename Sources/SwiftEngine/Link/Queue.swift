// A pair of POSIX message queues, one for each direction; the one that the server receives from is the rendezvous.
internal import Glibc
internal import IPC
internal import SystemPackage

final class QueueLink: LinkTransport {
  private let lock: NameLock
  private let messages: QueueMessages
  private var phase = LinkPhase()

  private init(_ name: [UInt8], _ sizes: LinkSizes, _ lock: NameLock) {
    self.lock = lock
    messages = QueueMessages(name, sizes, lock)
  }

  // MARK: The server

  static func listen(_ name: [UInt8], _ sizes: LinkSizes, _ lock: NameLock) throws(Cause) -> QueueLink {
    let link = QueueLink(name, sizes, lock)
    let messages = link.messages
    try messages.allocate()
    try messages.claimName()
    do { try messages.createAnswers() } catch {
      messages.unlink(".in")
      throw error
    }
    link.lock.watch()
    return link
  }

  /// Finds the next living client that says hello. Other messages are of clients that are gone, and are dropped; at most
  /// as many as fit into the queue, so that a fast sender can't keep the server here. Returns whether there is one.
  private func findClient() throws(Cause) -> Bool {
    var left = messages.sizes.depth
    (lock.ticket, messages.nextTicket) = (messages.nextTicket, 0)
    while left > 0, !lock.hasClient(lock.ticket) {
      left -= 1
      lock.ticket = 0
      do {
        guard let head = try messages.receive() else { return false }
        if head.kind == .hello { lock.ticket = head.ticket }
      } catch {
        guard error == .system(.badMessage) else { throw error }
      }
    }
    if lock.hasClient(lock.ticket) { return true }
    lock.ticket = 0
    return false
  }

  func accept(extra: FileDescriptor?, until deadline: Deadline) throws(Cause) {
    phase = LinkPhase()
    while true {
      let isFound = try findClient()
      messages.dropRest()
      if isFound {
        messages.discard(messages.output)  // they were for clients that are gone
        if try messages.send(.welcome) { return }
      }
      messages.nextTicket = lock.ticket
      lock.drain()
      try lock.waitForChange(readable: messages.input, extra: extra, until: deadline)
    }
  }

  func removeNames() {
    guard lock.hasName else { return }
    messages.unlink(".out")
    messages.unlink(".in")  // last: its lock is what makes the names ours
  }

  // MARK: The client

  /// Waits until a message can be sent, at most for `Limit.peerCheck`.
  private func waitForRoom() throws(Cause) {
    var set: [1 of pollfd] = [pollfd(messages.output, for: .writable)]
    try Cause.check(System.poll(&set, until: Deadline(after: Limit.peerCheck)))
  }

  /// Sends a hello. The queue may be full of a former client's messages until the server drops them.
  private func sendHello(until deadline: Deadline) throws(Cause) {
    while try !messages.send(.hello) {
      guard lock.isOpen else { throw .system(.connectionRefused) }
      try lock.waitForChange(until: deadline)
      try waitForRoom()
    }
  }

  /// Waits for the welcome. Other messages are for clients that are gone, and are dropped.
  private func awaitWelcome(until deadline: Deadline) throws(Cause) {
    while true {
      let isOpen = lock.isOpen  // first: a server may give up its name right after it
      if let head = try messages.receive() {
        if head.kind == .welcome, head.ticket == lock.ticket { return }
        continue
      }
      guard isOpen else { throw .system(.connectionRefused) }
      try lock.waitForChange(readable: messages.input, until: deadline)
    }
  }

  static func connect(
    _ name: [UInt8], waits: Bool, until deadline: Deadline, _ lock: NameLock
  ) throws(Cause) -> QueueLink {
    let link = QueueLink(name, LinkSizes(), lock)
    try link.messages.find()
    link.lock.watch()
    try link.lock.acquireClient(waits: waits, until: deadline)
    try link.sendHello(until: deadline)
    try link.awaitWelcome(until: deadline)
    return link
  }

  // MARK: Both

  /// Handles a message that is not data of this conversation; returns at the peer's end.
  private func receiveControl(_ head: MessageHead) throws(Cause) {
    messages.dropRest()
    guard head.ticket == lock.ticket else {
      // The next client's hello comes only after this client has gone.
      guard lock.isServer, head.kind == .hello, !lock.hasClient(lock.ticket) else { throw .system(.badMessage) }
      messages.nextTicket = head.ticket
      throw .system(.previousOwnerDied)
    }
    switch head.kind {
    case .ended: phase.peer = .ended
    case .closed: phase.peer = .closed
    case .reset:
      phase.peer = .closed
      throw .system(.connectionReset)
    case .hello, .welcome, .data: throw .system(.badMessage)
    }
  }

  func receive(into buffer: inout MutableSpan<UInt8>, at offset: Int) throws(Cause) -> Int? {
    if !phase.canReceive { return 0 }
    if messages.rest.isEmpty {
      var head = try messages.receive()
      if head == nil {
        if lock.peerIsAlive { return nil }
        head = try messages.receive()  // a message that the peer sent before it died may have come meanwhile
      }
      guard let head else { throw .system(.previousOwnerDied) }
      if head.kind != .data || head.ticket != lock.ticket {
        try receiveControl(head)
        return 0
      }
    }
    return messages.read(into: &buffer, at: offset)
  }

  func send(_ bytes: Span<UInt8>) throws(Cause) -> Int? {
    if !lock.isServer, phase.peer == .ended, messages.hasClosed() {
      phase.peer = .closed  // the server would drop the message, or has ended
    }
    if !phase.canSend { throw .system(.brokenPipe) }
    let count = min(bytes.count, messages.sizes.message - MessageHead.size)
    if try messages.send(.data, bytes.extracting(first: count)) { return count }
    if lock.peerIsAlive { return nil }
    throw .system(!lock.isServer || messages.hasClosed() ? .brokenPipe : .previousOwnerDied)
  }

  func halfClose() throws(Cause) -> Bool {
    if phase.isHalfClosed { return true }
    // No process receives the end of a peer that is gone.
    guard try messages.send(.ended) || !lock.peerIsAlive else { return false }
    phase.isHalfClosed = true
    return true
  }

  /// The last message also shows the client that its server does not receive any more.
  func disconnect(failed: Bool) throws(Cause) {
    let deadline = Deadline(after: Limit.linger)
    let isDone = lock.isServer ? phase.peer == .closed : phase.peer != .sends
    messages.dropRest()
    defer {
      lock.ticket = 0
      phase = .disconnected
    }
    if lock.ticket == 0 || isDone { return }
    while try !messages.send(failed ? .reset : .closed) {
      if lock.peerIsAlive, !deadline.isPast {
        try? waitForRoom()
        continue
      }
      if lock.isServer, !phase.isHalfClosed {
        messages.discard(messages.output)  // the client does not receive: show it that bytes are missing
        _ = try messages.send(.reset)
      }
      return
    }
  }

  func wait(for events: Readiness, extra: FileDescriptor?, timeout: Duration?) throws(Cause) -> Readiness {
    let request = NameLock.Request(
      events: events, ready: messages.rest.isEmpty ? [] : events.intersection(.readable),
      input: events.contains(.readable) ? messages.input : nil,
      output: events.contains(.writable) ? messages.output : nil, extra: extra)
    return try lock.wait(request, until: Deadline(after: timeout))
  }
}
