// The client's relay: copies both ways between a connection and two descriptors.
internal import Glibc
public import IPC
public import SystemPackage

private struct Relay: ~Copyable {
  /// Bytes to receive at once: they are still in the processor's cache when they are written.
  private static let chunk = 65_536
  /// Received bytes after which more have probably arrived.
  private static let bulk = 16_384
  /// Bulk receives in a row, before input has its chance.
  private static let rounds = 16

  let input: FileDescriptor
  let output: FileDescriptor
  let options: RelayOptions
  let observer: Observer?
  /// Buffers: from the connection, and to it.
  var received = [UInt8](repeating: 0, count: chunk)
  var pending = [UInt8](repeating: 0, count: Limit.buffer)
  /// The bytes of `pending` that are not sent yet.
  var unsent = 0..<0
  /// Until its end, or until the server receives no more.
  var readsInput: Bool
  /// The server's stream has ended.
  var hasEnded = false
  /// The server sends in bulk.
  var isBulk = false
  /// The output is a pipe.
  var canSplice: Bool
  /// All of the input must be sent, even after the server's end.
  let keepsSending: Bool
  /// When nothing was sent or received for too long.
  var idleDeadline: Deadline
  /// The error that ended sending before the input's end.
  var cut: Failure?
  /// A reset that sending reported: the kernel reports it once, and receiving would then see an end.
  var reset: Cause?

  init(
    _ connection: borrowing Connection, input: FileDescriptor, output: FileDescriptor, options: RelayOptions,
    observer: Observer?
  ) {
    self.input = input
    self.output = output
    self.options = options
    self.observer = observer
    readsInput = options.direction != .receive
    canSplice = options.direction != .send && System.isPipe(output.rawValue)
    keepsSending = options.keepsSending || options.direction == .send
    idleDeadline = Deadline(after: options.idle)
    reset = connection.wasReset ? .system(.connectionReset) : nil
  }

  private func reportConnection(
    _ step: Step, _ connection: borrowing Connection, count: Int = 0, failed cause: Cause? = nil
  ) throws(Failure) {
    let (number, peer) = (connection.descriptor.number, connection.endpoint)
    if let cause { throw observer.notify(step, on: number, failed: cause, endpoint: peer) }
    observer.notify(step, on: number, count: count, endpoint: peer)
  }

  private func reportLocal(
    _ step: Step, _ descriptor: FileDescriptor, count: Int = 0, failed cause: Cause? = nil
  ) throws(Failure) {
    if let cause { throw observer.notify(step, on: descriptor.rawValue, failed: cause) }
    observer.notify(step, on: descriptor.rawValue, count: count)
  }

  /// Waits until there is input to read (unless input is pending), until pending input can be sent, or until something
  /// was received. After the server's end, nothing is received any more.
  private func waitForAny(
    _ connection: borrowing Connection
  ) throws(Failure) -> (input: Bool, room: Bool, received: Bool) {
    var asked: Readiness = hasEnded ? [] : .readable
    if !unsent.isEmpty { asked.insert(.writable) }
    let source = readsInput && unsent.isEmpty ? input.rawValue : -1
    var set: [2 of pollfd] = [
      pollfd(fd: asked.isEmpty ? -1 : connection.descriptor.number, events: asked.asked, revents: 0),
      pollfd(fd: source, events: Readiness.readable.asked, revents: 0),
    ]
    let ready = try SwiftEngine.check(.wait, System.poll(&set, until: idleDeadline), at: connection.endpoint)
    if ready == 0 { throw Failure(.wait, .timedOut, at: connection.endpoint) }
    let events = Readiness(revents: set[0].revents)
    return (
      input: set[1].revents != 0, room: !unsent.isEmpty && (events.contains(.writable) || set[0].hasFailed),
      received: !hasEnded && (events.contains(.readable) || set[0].hasFailed)
    )
  }

  /// Starts the idle time again.
  private mutating func touch() {
    if options.idle != nil { idleDeadline = Deadline(after: options.idle) }
  }

  private mutating func reportReceived(_ result: Int, _ connection: borrowing Connection) throws(Failure) -> Int {
    var cause = result < 0 ? Cause(code: CInt(-result)) : nil
    if result == 0 { cause = reset }
    try reportConnection(.receive, connection, count: result, failed: cause)
    hasEnded = result == 0
    return result
  }

  /// Copies once from the connection to the output; returns the count, or 0 at the end or if nothing has arrived.
  private mutating func copyReceived(_ connection: borrowing Connection) throws(Failure) -> Int {
    var span = received.mutableSpan
    let result = System.receive(connection.descriptor.number, &span)
    if System.wouldBlock(result) { return 0 }
    let count = try reportReceived(result, connection)
    if count == 0 || options.direction == .send { return count }
    var cause: Cause?
    do {
      // Blocks while the reader of the output does not read: the server then has to wait too, and memory stays bounded.
      try SwiftEngine.write(output, received.span.extracting(first: count))
    } catch {
      cause = error.cause
    }
    try reportLocal(.output, output, count: count, failed: cause)
    return count
  }

  /// As `copyReceived`, but into a pipe and without a copy in user space. It may block only if something `hasArrived`:
  /// a blocking splice(2) waits for room in a full pipe even if nothing has arrived, and would hold up the input.
  ///
  /// A splice(2) that moves nothing proves nothing: it does not pass an urgent byte (MSG_OOB), where it returns EAGAIN,
  /// or 0 if the server has closed behind that byte; and a full pipe that does not block is EAGAIN, too. recv(2) skips
  /// the urgent byte, and `write` waits for the pipe. So only `copyReceived` decides that nothing has arrived, or that
  /// the stream has ended.
  private mutating func spliceReceived(_ connection: borrowing Connection, hasArrived: Bool) throws(Failure) -> Int {
    let result = System.splice(connection.descriptor.number, output.rawValue, Limit.buffer, blocks: hasArrived)
    switch -result {
    case Int(EAGAIN) where !hasArrived: return 0
    case 0, Int(EAGAIN): return try copyReceived(connection)
    case Int(EINVAL):
      canSplice = false
      return try copyReceived(connection)
    case Int(EPIPE): try reportLocal(.output, output, failed: .system(.brokenPipe))
    default: break
    }
    let count = try reportReceived(result, connection)
    if count > 0 { try reportLocal(.output, output, count: count) }
    return count
  }

  private mutating func forwardReceived(_ connection: borrowing Connection) throws(Failure) {
    for round in 0..<Self.rounds {
      let splices = isBulk && canSplice
      let count = splices ? try spliceReceived(connection, hasArrived: round == 0) : try copyReceived(connection)
      guard count > 0 else { return }
      touch()
      isBulk = count >= Self.bulk
      if !isBulk { return }
    }
  }

  private mutating func stopReadingInput() {
    readsInput = false
    unsent = 0..<0
  }

  /// A server that receives no more is no error yet: the client still receives what the server has sent.
  private mutating func sendPending(_ connection: borrowing Connection) throws(Failure) {
    let number = connection.descriptor.number
    do {
      let sent = try SwiftEngine.send(connection.descriptor, pending.span.extracting(unsent), more: false)
      guard let count = sent else { return }
      unsent.removeFirst(count)
      touch()
      observer.notify(.send, on: number, count: count, endpoint: connection.endpoint)
    } catch {
      let failure = observer.notify(.send, on: number, failed: error.cause, endpoint: connection.endpoint)
      switch error.cause {
      case .system(.connectionReset): reset = error.cause
      case .system(.brokenPipe): break
      default: throw failure
      }
      cut = failure
      stopReadingInput()
    }
  }

  /// After the server's end no receive reports that the server has refused bytes (SO_ERROR of socket(7)).
  private mutating func halfClose(_ connection: borrowing Connection) throws(Failure) {
    stopReadingInput()
    let refused = hasEnded ? System.option(connection.descriptor.number, SOL_SOCKET, SO_ERROR) : 0
    if refused != 0 { try reportConnection(.send, connection, failed: Cause(code: CInt(abs(refused)))) }
    var cause: Cause?
    do {
      try SwiftEngine.halfClose(connection.descriptor)
    } catch  where error.cause == .system(.socketNotConnected) {
      return
    } catch {
      cause = error.cause
    }
    try reportConnection(.halfClose, connection, failed: cause)
  }

  private mutating func readInput(_ connection: borrowing Connection) throws(Failure) {
    let input = input
    var (count, cause) = (0, Cause?.none)
    do {
      var span = pending.mutableSpan
      guard let read = try SwiftEngine.read(input, into: &span) else { return }
      count = read
    } catch {
      cause = error.cause
    }
    try reportLocal(.input, input, count: count, failed: cause)
    unsent = 0..<count
    if count > 0 { try sendPending(connection) } else { try halfClose(connection) }
  }

  private var isFinished: Bool { hasEnded && !(keepsSending && readsInput) }

  mutating func run(_ connection: borrowing Connection) throws(Failure) {
    while !isFinished {
      let ready = try waitForAny(connection)
      if ready.received { try forwardReceived(connection) }
      if ready.room, !isFinished {
        try sendPending(connection)
      } else if ready.input, !isFinished {
        try readInput(connection)
      }
    }
    if keepsSending, let cut { throw cut }
  }
}

extension SwiftEngine {
  public static func relay(
    _ connection: borrowing Connection, input: FileDescriptor, output: FileDescriptor, options: RelayOptions,
    observer: Observer?
  ) throws(Failure) {
    var relay = Relay(connection, input: input, output: output, options: options, observer: observer)
    try relay.run(connection)
  }
}
