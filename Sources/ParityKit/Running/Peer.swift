internal import SystemPackage

/// One end of a connection. It keeps arriving bytes at once and records them when a step asks, so that the record does
/// not depend on how the kernel split them.
final class Peer {
  private(set) var record: Connection
  /// The peer reads without being asked, so that no data waits in the kernel.
  var reads: Bool
  private(set) var socket: CInt
  private var isConnecting = false
  private(set) var inbox: [UInt8] = []
  private var searched = 0
  /// The number of bytes received.
  private(set) var total = 0
  /// How the program ended the connection, once the peer has seen it.
  private(set) var ending: Connection.Event?
  private var isEndRecorded = false
  /// When the first byte and the end arrived, until a stopwatch takes the times.
  var arrival: ContinuousClock.Instant?
  var endArrival: ContinuousClock.Instant?
  /// Whether a Unix socket's backlog is full, so that connecting must be retried.
  private(set) var isCrowded = false
  private(set) var pending: ArraySlice<UInt8> = []
  private var isUrgent = false

  /// Whether the peer has closed or reset the connection itself.
  var hasLeft: Bool { record.events.contains { $0 == .closed || $0 == .didReset } }
  var isOpen: Bool { socket >= 0 && !isConnecting }
  var isSettled: Bool { !isConnecting }
  var isFull: Bool { total >= Limits.received }
  /// Whether the peer reads what the program sends.
  var takes: Bool { isOpen && reads && !isFull && ending == nil }
  var port: Int { socket >= 0 ? System.port(of: socket) : 0 }

  /// Starts to connect.
  init(_ name: String, to address: SocketAddress?, _ manner: Manner) {
    (record, reads, socket) = (Connection(name: name, events: []), manner.reads, -1)
    guard let address else {
      note(.refused("no address"))
      return
    }
    do throws(Errno) {
      socket = try System.socket(for: address)
      if let window = manner.window { try System.setReceiveWindow(socket, window) }
      if try System.connect(socket, to: address) { note(.connected) } else { isConnecting = true }
    } catch  where error == .wouldBlock {
      isCrowded = true
      drop()
    } catch {
      fail(error)
    }
  }

  /// An accepted connection; nil if none arrived, in time or until the program was idle.
  init(_ name: String, accepted socket: CInt?, _ manner: Manner, hasRested: Bool) {
    (record, reads, self.socket) = (Connection(name: name, events: []), manner.reads, socket ?? -1)
    let missing = hasRested ? Connection.Event.notConnected : .absent
    note(socket == nil ? missing : .connected)
  }

  deinit { drop() }

  func note(_ event: Connection.Event) { record.events.append(event) }

  private func fail(_ error: Errno) {
    note(.refused(error.description))
    isConnecting = false
    drop()
  }

  private func drop() {
    if socket >= 0 { System.close(socket) }
    socket = -1
  }

  // MARK: In a poll loop

  var watch: System.Watch? {
    if socket < 0 { return nil }
    let watch = System.Watch(socket, input: takes, output: isConnecting || !pending.isEmpty)
    return watch.forInput || watch.forOutput ? watch : nil
  }

  /// Reads and writes without waiting; returns the number of bytes moved. Call it when the peer's watch is ready.
  func serve() -> Int {
    if isConnecting {
      if let error = System.pendingError(socket) { fail(error) } else { note(.connected) }
      isConnecting = false
      return 1
    }
    return flush() + take()
  }

  private func flush() -> Int {
    guard isOpen, !pending.isEmpty else { return 0 }
    do throws(Errno) {
      let count = try System.send(socket, pending.prefix(Limits.chunk), urgent: isUrgent && pending.count == 1)
      pending = pending.dropFirst(count)
      return count
    } catch {
      // The program receives no more. Reading finds out how it ended the connection.
      pending = []
      return 1
    }
  }

  private func take() -> Int {
    guard takes else { return 0 }
    do throws(Errno) {
      guard let bytes = try System.read(socket, atMost: min(Limits.chunk, Limits.received - total)) else { return 0 }
      let now = ContinuousClock().now
      if bytes.isEmpty { (ending, endArrival) = (.end, now) } else { arrival = arrival ?? now }
      // Without an acknowledgement the kernel may delay the program's next small write by 40 ms.
      System.acknowledge(socket)
      inbox += bytes
      total += bytes.count
      return max(1, bytes.count)
    } catch {
      (ending, endArrival) = (.reset, ContinuousClock().now)
      return 1
    }
  }

  // MARK: Actions of a step

  /// Queues bytes to send. The last byte of urgent data is sent separately, after the others.
  func send(_ bytes: ArraySlice<UInt8>, urgent: Bool) {
    (pending, isUrgent) = (bytes, urgent)
    if urgent, bytes.count > 1 {
      pending = bytes.dropLast()
      _ = flush()
      pending += bytes.suffix(1)
    }
    _ = flush()
  }

  func dropPending() { pending = [] }

  func halfClose() {
    guard isOpen else { return }
    note(.halfClosed)
    try? System.halfClose(socket)
  }

  func close() {
    guard isOpen else { return }
    note(.closed)
    drop()
  }

  func reset() {
    guard isOpen else { return }
    note(.didReset)
    System.reset(socket)
    socket = -1
  }

  /// Abandons a connection that was not established.
  func abandon() {
    if isConnecting || isCrowded { note(.absent) }
    isConnecting = false
    drop()
  }

  // MARK: Received data

  /// The number of bytes in the inbox that satisfy the expectation; nil if it is not satisfied yet.
  func claim(_ expectation: Expectation) throws(BytePattern.TooSlow) -> Int? {
    switch expectation {
    case .count(let count): return inbox.count >= count ? count : nil
    case .end, .nothing: return nil
    case .regex(let regex):
      if searched == min(inbox.count, Limits.searched) { return nil }
      searched = min(inbox.count, Limits.searched)
      return try BytePattern(text: regex).firstMatch(in: inbox)?.end
    case .pattern(let pattern):
      let wanted = Array(pattern.utf8)
      while searched + wanted.count <= inbox.count {
        if inbox[searched..<searched + wanted.count].elementsEqual(wanted) { return searched + wanted.count }
        searched += 1
      }
      return nil
    }
  }

  /// What arrived in the events from a number on.
  func received(from number: Int) -> [UInt8] {
    record.events.dropFirst(number).flatMap { event -> [UInt8] in
      if case .received(let bytes) = event { bytes } else { [] }
    }
  }

  /// Whether nothing more can arrive.
  var isOver: Bool { !isOpen || ending != nil || isFull }

  func recordReceived(_ count: Int) {
    if count > 0 { note(.received(Array(inbox.prefix(count)))) }
    inbox.removeFirst(count)
    searched = 0
  }

  /// Records everything that has arrived, and the end once.
  func recordRest() {
    recordReceived(inbox.count)
    guard isOpen, !isEndRecorded, let last = ending ?? (isFull ? .endless : nil) else { return }
    note(last)
    isEndRecorded = true
  }
}
