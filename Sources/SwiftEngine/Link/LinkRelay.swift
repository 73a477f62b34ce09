// The client's two-way copy between a link and two descriptors.
internal import Glibc
public import IPC
public import SystemPackage

private struct LinkRelay: ~Copyable {
  enum Phase {
    /// The input is read and sent.
    case reads
    /// The input has ended, and the half-close is not sent yet.
    case ends
    /// Nothing more is sent.
    case closed
  }

  let link: LinkEnd
  let input: FileDescriptor
  let output: FileDescriptor
  let options: RelayOptions
  let observer: Observer?
  private var received = [UInt8](repeating: 0, count: Limit.buffer)
  private var toSend = [UInt8](repeating: 0, count: Limit.buffer)
  /// The bytes of `toSend` that are not sent yet.
  private var pending = 0..<0
  private var phase: Phase
  /// The server's end was received.
  private var hasEnded = false
  /// All of the input must be sent, even after the server's end.
  private let keepsSending: Bool
  /// When nothing was sent or received for too long.
  private var idleDeadline: Deadline
  /// The error that ended sending before the input's end.
  private var cut: Failure?
  /// The reset that sending reported: a server that dies may seem to live until its locks are gone.
  private var reset: Failure?

  init(
    _ link: LinkEnd, input: FileDescriptor, output: FileDescriptor, options: RelayOptions, observer: Observer?
  ) {
    (self.link, self.input, self.output) = (link, input, output)
    (self.options, self.observer) = (options, observer)
    phase = options.direction == .receive ? .closed : .reads
    keepsSending = options.keepsSending || options.direction == .send
    idleDeadline = Deadline(after: options.idle)
  }

  private func linkStep(_ step: Step, count: Int = 0) {
    observer.notify(step, on: link.number, count: count, endpoint: link.endpoint)
  }

  private func linkStep(_ step: Step, failed cause: Cause) -> Failure {
    observer.notify(step, on: link.number, failed: cause, endpoint: link.endpoint)
  }

  private func localStep(_ step: Step, on descriptor: FileDescriptor, count: Int) {
    observer.notify(step, on: descriptor.rawValue, count: count)
  }

  private func localStep(_ step: Step, on descriptor: FileDescriptor, failed cause: Cause) -> Failure {
    observer.notify(step, on: descriptor.rawValue, failed: cause)
  }

  private func awaitAny(_ events: Readiness, extra: FileDescriptor?) throws(Cause) -> Readiness {
    if !events.isEmpty { return try link.wait(for: events, extra: extra, timeout: idleDeadline.duration) }
    do {
      _ = try SwiftEngine.wait(on: input.rawValue, for: .readable, stop: nil, until: idleDeadline)
      return .extra
    } catch {
      throw error.cause
    }
  }

  /// Waits for the link and the input; after the server's end only for what is left: the input, or room to send it.
  private func waitForAny() throws(Failure) -> Readiness {
    let sends = !pending.isEmpty || phase == .ends
    var events: Readiness = hasEnded ? [] : .readable
    if sends { events.insert(.writable) }
    do {
      return try awaitAny(events, extra: phase == .reads && !sends ? input : nil)
    } catch {
      throw Failure(.wait, error, at: link.endpoint)
    }
  }

  /// Starts the idle time again.
  private mutating func touch() {
    if options.idle != nil { idleDeadline = Deadline(after: options.idle) }
  }

  private mutating func receive() throws(Failure) -> Int? {
    let link = link
    do {
      var span = received.mutableSpan
      return try link.receive(into: &span)
    } catch {
      throw linkStep(.receive, failed: error)
    }
  }

  /// Copies bytes from the link to the output.
  private mutating func passDown() throws(Failure) {
    guard let count = try receive() else { return }
    hasEnded = count == 0
    if hasEnded, let reset { throw reset }
    linkStep(.receive, count: count)
    if hasEnded { return }
    if options.direction != .send { try write(count) }
    touch()
  }

  private func write(_ count: Int) throws(Failure) {
    do {
      // Blocks while the output is full, so that memory stays bounded.
      try SwiftEngine.write(output, received.span.extracting(first: count))
    } catch {
      throw localStep(.output, on: output, failed: error.cause)
    }
    localStep(.output, on: output, count: count)
  }

  private mutating func stopSending() {
    phase = .closed
    pending = 0..<0
  }

  private mutating func sendSome() throws(Failure) {
    do {
      guard let count = try link.send(toSend.span.extracting(pending)) else { return }
      pending.removeFirst(count)
      touch()
      linkStep(.send, count: count)
    } catch {
      let failure = linkStep(.send, failed: error)
      switch error {
      case .system(.brokenPipe):
        // It is no error yet if the server receives no more. What it has sent is still to be received.
        stopSending()
        cut = failure
      case .system(.connectionReset):
        // Reported once the server ends, unless it has died.
        stopSending()
        phase = .ends
        (cut, reset) = (failure, failure)
      default: throw failure
      }
    }
  }

  private mutating func halfClose() throws(Failure) {
    do {
      guard try link.halfClose() else { return }
      stopSending()
    } catch {
      stopSending()
      throw linkStep(.halfClose, failed: error)
    }
    linkStep(.halfClose)
  }

  private mutating func readInput() throws(Failure) -> Int? {
    let input = input
    do {
      var span = toSend.mutableSpan
      return try SwiftEngine.read(input, into: &span)
    } catch {
      throw localStep(.input, on: input, failed: error.cause)
    }
  }

  private mutating func readSome() throws(Failure) {
    guard let count = try readInput() else { return }
    localStep(.input, on: input, count: count)
    pending = 0..<count
    if count > 0 { return try sendSome() }
    phase = .ends
    try halfClose()
  }

  private var isFinished: Bool { hasEnded && (phase == .closed || cut != nil || !keepsSending) }

  /// Copies until the server's end, or until both ends.
  mutating func run() throws(Failure) {
    while !isFinished {
      let ready = try waitForAny()
      if ready.contains(.readable), !hasEnded { try passDown() }
      if isFinished { break }
      if ready.contains(.writable) {
        if phase == .ends { try halfClose() } else { try sendSome() }
      } else if ready.contains(.extra) {
        try readSome()
      }
    }
    if keepsSending, let cut { throw cut }
  }
}

extension SwiftEngine {
  public static func relay(
    _ link: borrowing Link, input: FileDescriptor, output: FileDescriptor, options: RelayOptions, observer: Observer?
  ) throws(Failure) {
    let end = link.end
    defer { end.forgetExtra() }  // the caller may close its input
    var relay = LinkRelay(end, input: input, output: output, options: options, observer: observer)
    try relay.run()
  }
}
