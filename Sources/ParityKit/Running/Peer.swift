internal import SystemPackage

/// One end of one connection. What comes is kept at once, and recorded when a step asks for it, so that a record tells
/// what came, not how the kernel cut it.
final class Peer {
  private(set) var record: Connection
  /// Reading goes on by itself, so that nothing waits for what no step has asked for yet.
  var reads: Bool
  private(set) var socket: CInt
  private var isConnecting = false
  private(set) var inbox: [UInt8] = []
  private var searched = 0
  private var total = 0
  /// How the program ended the connection, as soon as it is seen.
  private(set) var ending: Connection.Event?
  private var isEndRecorded = false
  /// Of a Unix socket: too many wait already, and connecting has to be tried again.
  private(set) var isCrowded = false
  private(set) var pending: ArraySlice<UInt8> = []
  private var isUrgent = false

  var isOpen: Bool { socket >= 0 && !isConnecting }
  var isSettled: Bool { !isConnecting }
  var isFull: Bool { total >= Limits.received }
  /// Whether all that the program sends is taken.
  var takes: Bool { isOpen && reads && !isFull && ending == nil }
  var port: Int { socket >= 0 ? System.port(of: socket) : 0 }

  /// Begins to connect.
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

  /// A connection that was accepted; nil where none came.
  init(_ name: String, accepted socket: CInt?, _ manner: Manner) {
    (record, reads, self.socket) = (Connection(name: name, events: []), manner.reads, socket ?? -1)
    note(socket == nil ? .absent : .connected)
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

  /// Does what can be done without waiting; how many bytes moved. To be called when its watch is ready.
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
      // The program takes no more; how it ended the connection is for reading to find.
      pending = []
      return 1
    }
  }

  private func take() -> Int {
    guard takes else { return 0 }
    do throws(Errno) {
      guard let bytes = try System.read(socket, atMost: min(Limits.chunk, Limits.received - total)) else { return 0 }
      if bytes.isEmpty { ending = .end }
      // The kernel could keep the program's next small write back until it gets word, for 40 ms.
      System.acknowledge(socket)
      inbox += bytes
      total += bytes.count
      return max(1, bytes.count)
    } catch {
      ending = .reset
      return 1
    }
  }

  // MARK: What steps do

  /// All of it goes out, but the last of urgent bytes, which goes after the others.
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
    try? System.finish(socket)
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

  /// Gives up a connection that has not come about.
  func abandon() {
    if isConnecting || isCrowded { note(.absent) }
    isConnecting = false
    drop()
  }

  // MARK: What has come

  /// How many bytes from the inbox meet the expectation; nil while it is not met.
  func claim(_ expectation: Expectation) -> Int? {
    switch expectation {
    case .count(let count): return inbox.count >= count ? count : nil
    case .end, .nothing: return nil
    case .pattern(let pattern):
      let wanted = Array(pattern.utf8)
      while searched + wanted.count <= inbox.count {
        if inbox[searched..<searched + wanted.count].elementsEqual(wanted) { return searched + wanted.count }
        searched += 1
      }
      return nil
    }
  }

  /// Nothing can come any more.
  var isOver: Bool { !isOpen || ending != nil || isFull }

  func recordReceived(_ count: Int) {
    if count > 0 { note(.received(Array(inbox.prefix(count)))) }
    inbox.removeFirst(count)
    searched = 0
  }

  /// All that has come, and the end if it was seen, once.
  func recordRest() {
    recordReceived(inbox.count)
    guard isOpen, !isEndRecorded, let last = ending ?? (isFull ? .endless : nil) else { return }
    note(last)
    isEndRecorded = true
  }
}
