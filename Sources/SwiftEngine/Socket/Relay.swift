// The client's two-way copy between a connection and two descriptors.
internal import Glibc
public import IPC
public import SystemPackage

extension SwiftEngine {
  public static func relay(
    _ connection: borrowing Connection, input: FileDescriptor, output: FileDescriptor, observer: Observer?
  ) throws(Failure) {
    var relay = Relay(input: input, output: output, observer: observer)
    if connection.wasReset { relay.reset = .system(.connectionReset) }
    while true {
      let ready = try relay.waitForEither(connection)
      if ready.received { try relay.passDown(connection) }
      if relay.hasEnded { return }
      if ready.room {
        try relay.sendSome(connection)
      } else if ready.input {
        try relay.readSome(connection)
      }
    }
  }
}

private struct Relay: ~Copyable {
  /// Bytes copied at once: they are still in the core's cache when they are written.
  private static let chunk = 65_536
  /// Bytes at once, after which more has probably come meanwhile.
  private static let bulk = 16_384
  /// In a row from the connection, before what goes up has its turn.
  private static let rounds = 16

  let input: FileDescriptor
  let output: FileDescriptor
  let observer: Observer?
  /// From the connection, and to it.
  var down = [UInt8](repeating: 0, count: chunk)
  var up = [UInt8](repeating: 0, count: Limit.buffer)
  /// Of what goes up, the bytes that were read and are not sent yet.
  var pending = 0..<0
  /// Input is still read.
  var isTaking = true
  /// The server's end has come.
  var hasEnded = false
  /// The server sends in bulk.
  var flows = false
  /// The output is a pipe.
  var splices: Bool
  /// A reset that sending found: the kernel tells it once, receiving would then see an end.
  var reset: Cause?

  init(input: FileDescriptor, output: FileDescriptor, observer: Observer?) {
    self.input = input
    self.output = output
    self.observer = observer
    splices = System.isPipe(output.rawValue)
  }

  /// Waits until there is something to do: input to read (nothing waits to be sent), room to send, something received.
  func waitForEither(_ connection: borrowing Connection) throws(Failure) -> (input: Bool, room: Bool, received: Bool) {
    let asked: Readiness = pending.isEmpty ? .readable : [.readable, .writable]
    let source = isTaking && pending.isEmpty ? input.rawValue : -1
    var set: [2 of pollfd] = [
      pollfd(fd: connection.descriptor.number, events: asked.asked, revents: 0),
      pollfd(fd: source, events: Readiness.readable.asked, revents: 0),
    ]
    try SwiftEngine.check(.wait, System.poll(&set, until: .never), at: connection.endpoint)
    let events = Readiness(revents: set[0].revents)
    return (
      input: set[1].revents != 0, room: !pending.isEmpty && (events.contains(.writable) || set[0].hasFailed),
      received: events.contains(.readable) || set[0].hasFailed
    )
  }

  mutating func passDown(_ connection: borrowing Connection) throws(Failure) {
    for round in 0..<Self.rounds {
      let count = flows && splices ? try spliceSome(connection, waits: round == 0) : try copySome(connection)
      guard count > 0 else { return }
      flows = count >= Self.bulk
      if !flows { return }
    }
  }

  /// From the connection to the output; the count, 0 at the server's end or if nothing waits.
  private mutating func copySome(_ connection: borrowing Connection) throws(Failure) -> Int {
    var span = down.mutableSpan
    let result = System.receive(connection.descriptor.number, &span)
    if result == -Int(EAGAIN) { return 0 }
    let count = try noteReceived(result, connection)
    if count == 0 { return 0 }
    do {
      // Blocks while the reader of our output does: who does not read gets no more, and memory stays bounded.
      try SwiftEngine.write(output, down.span.extracting(first: count))
    } catch {
      throw observer.tell(.output, on: output.rawValue, failed: error.cause)
    }
    observer.tell(.output, on: output.rawValue, count: count)
    return count
  }

  /// The same into a pipe, without a copy through our memory. `waits` says that something has come: only then may it
  /// block. A splice(2) that blocks does so while the pipe is full, though nothing has come, and what goes up would wait
  /// for it.
  private mutating func spliceSome(_ connection: borrowing Connection, waits: Bool) throws(Failure) -> Int {
    let result = System.splice(connection.descriptor.number, output.rawValue, Limit.buffer, blocks: waits)
    do throws(Failure) {
      switch -result {
      case Int(EAGAIN):  // a pipe that does not block by itself
        if waits { _ = try SwiftEngine.wait(output, for: .writable, stop: nil, timeout: nil) }
        return 0
      case Int(EINVAL):
        splices = false
        return 0
      case Int(EPIPE): throw Failure(.output, .system(.brokenPipe))
      default: break
      }
    } catch {
      throw observer.tell(.output, on: output.rawValue, failed: error.cause)
    }
    let count = try noteReceived(result, connection)
    if count > 0 { observer.tell(.output, on: output.rawValue, count: count) }
    return count
  }

  private mutating func noteReceived(_ result: Int, _ connection: borrowing Connection) throws(Failure) -> Int {
    let number = connection.descriptor.number
    let failure = result < 0 ? Cause(code: CInt(-result)) : result == 0 ? reset : nil
    if let failure { throw observer.tell(.receive, on: number, failed: failure, endpoint: connection.endpoint) }
    observer.tell(.receive, on: number, count: result, endpoint: connection.endpoint)
    hasEnded = result == 0
    return result
  }

  mutating func sendSome(_ connection: borrowing Connection) throws(Failure) {
    let number = connection.descriptor.number
    do {
      guard let count = try SwiftEngine.send(connection.descriptor, up.span.extracting(pending), more: false) else {
        return
      }
      pending.removeFirst(count)
      observer.tell(.send, on: number, count: count, endpoint: connection.endpoint)
    } catch {
      let failure = observer.tell(.send, on: number, failed: error.cause, endpoint: connection.endpoint)
      switch error.cause {
      case .system(.connectionReset): reset = error.cause
      case .system(.brokenPipe): break
      default: throw failure
      }
      stopTaking()
    }
  }

  mutating func readSome(_ connection: borrowing Connection) throws(Failure) {
    var count = 0
    let input = input
    do {
      var span = up.mutableSpan
      guard let taken = try SwiftEngine.read(input, into: &span) else { return }
      count = taken
    } catch {
      throw observer.tell(.input, on: input.rawValue, failed: error.cause)
    }
    observer.tell(.input, on: input.rawValue, count: count)
    pending = 0..<count
    if count > 0 { return try sendSome(connection) }
    stopTaking()
    try halfClose(connection)
  }

  private func halfClose(_ connection: borrowing Connection) throws(Failure) {
    let number = connection.descriptor.number
    do {
      try SwiftEngine.halfClose(connection.descriptor)
    } catch  where error.cause == .system(.socketNotConnected) {
      return
    } catch {
      throw observer.tell(.halfClose, on: number, failed: error.cause, endpoint: connection.endpoint)
    }
    observer.tell(.halfClose, on: number, endpoint: connection.endpoint)
  }

  /// A server that takes no more input is no error; what it has sent is still to be received.
  private mutating func stopTaking() {
    isTaking = false
    pending = 0..<0
  }
}
