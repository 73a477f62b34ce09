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
      if ready.received, try relay.passDown(connection) { return }
      if ready.room {
        try relay.sendSome(connection)
      } else if ready.input {
        try relay.readSome(connection)
      }
    }
  }
}

private struct Relay: ~Copyable {
  let input: FileDescriptor
  let output: FileDescriptor
  let observer: Observer?
  /// From the connection, and to it.
  var down = [UInt8](repeating: 0, count: Limit.buffer)
  var up = [UInt8](repeating: 0, count: Limit.buffer)
  /// Of what goes up, the bytes that were read and are not sent yet.
  var pending = 0..<0
  /// Input is still read.
  var isTaking = true
  /// A reset that sending found: the kernel tells it once, receiving would then see an end.
  var reset: Cause?

  init(input: FileDescriptor, output: FileDescriptor, observer: Observer?) {
    self.input = input
    self.output = output
    self.observer = observer
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

  /// From the connection to the output; true at the server's end.
  mutating func passDown(_ connection: borrowing Connection) throws(Failure) -> Bool {
    let number = connection.descriptor.number
    var count = 0
    do throws(Failure) {
      var span = down.mutableSpan
      guard let received = try SwiftEngine.receive(connection.descriptor, into: &span) else { return false }
      if received == 0, let reset { throw Failure(.receive, reset) }
      count = received
    } catch {
      throw observer.tell(.receive, on: number, failed: error.cause, endpoint: connection.endpoint)
    }
    observer.tell(.receive, on: number, count: count, endpoint: connection.endpoint)
    if count == 0 { return true }
    do {
      // Blocks while the reader of our output does: who does not read gets no more, and memory stays bounded.
      try SwiftEngine.write(output, down.span.extracting(first: count))
    } catch {
      throw observer.tell(.output, on: output.rawValue, failed: error.cause)
    }
    observer.tell(.output, on: output.rawValue, count: count)
    return false
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
    try finish(connection)
  }

  private func finish(_ connection: borrowing Connection) throws(Failure) {
    let number = connection.descriptor.number
    do {
      try SwiftEngine.finish(connection.descriptor)
    } catch  where error.cause == .system(.socketNotConnected) {
      return
    } catch {
      throw observer.tell(.finish, on: number, failed: error.cause, endpoint: connection.endpoint)
    }
    observer.tell(.finish, on: number, endpoint: connection.endpoint)
  }

  /// A server that takes no more input is no error; what it has sent is still to be received.
  private mutating func stopTaking() {
    isTaking = false
    pending = 0..<0
  }
}
