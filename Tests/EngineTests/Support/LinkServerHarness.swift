// A link's server in a thread of its own, and a conversation with it.
internal import Glibc
internal import IPC
internal import Synchronization
internal import SystemPackage
internal import Testing

/// A running server.
struct RunningLinkServer: ~Copyable {
  let endpoint: Endpoint
  fileprivate let stopper: Descriptor

  func hasEnded(within milliseconds: CInt) throws(Errno) -> Bool {
    try TestSystem.isReadable(stopper.number, within: milliseconds)
  }

  func stop() { _ = try? TestSystem.send(stopper.number, [0]) }
}

/// Runs a server until it ends, by itself or because the conversation stops it. The faults are those of its thread. The
/// output replaces the pipe for what the server prints, so that `printed` is empty.
func serveLink(
  _ which: EngineName, _ service: Service, at endpoint: Endpoint, keepOpen: Bool = false,
  options: ServeOptions = ServeOptions(), sizes: LinkSizes = LinkSizes(), recorder: EventRecorder = EventRecorder(),
  faults: [Fault] = [], output: consuming Descriptor? = nil,
  _ conversation: (borrowing RunningLinkServer) throws -> Void
) throws -> ServeOutcome {
  TestSystem.block(SIGPIPE)
  let stops = try TestSystem.socketPair().release()
  let (readiness, printed) = (try TestSystem.pipe().release(), try TestSystem.pipe().release())
  let readyReader = Descriptor(owning: readiness.first)
  let reader = Descriptor(owning: printed.first)
  if output != nil { _ = Descriptor(owning: printed.second) }
  let outputNumber = output?.release() ?? printed.second
  let thread = try TestThread { () throws -> (events: [Event], failure: Failure?) in
    let stop = Descriptor(owning: stops.first)
    let output = Descriptor(owning: outputNumber)
    let ready = Descriptor(owning: readiness.second)
    recorder.clock.store(TestSystem.threadClock, ordering: .relaxed)
    FaultInjection.start(faults)
    defer { FaultInjection.end(faults) }
    let link = try which.engine.listen(at: endpoint, sizes, observer: nil)
    _ = try TestSystem.write(ready.number, [0])
    let roles = [link.number: Role.listener, output.number: Role.output]
    let ended = failure {
      var options = options
      (options.stop, options.output) = (stop.lent, output.lent)
      options.keepOpen = options.keepOpen || keepOpen
      try which.engine.serve(link, service, options, observer: recorder.observer)
    }
    let events = recorder.masked(roles)
    try which.engine.close(link)
    return (events, ended?.masked)
  }
  let running = RunningLinkServer(endpoint: endpoint, stopper: Descriptor(owning: stops.second))
  do {
    guard try TestSystem.readAll(readyReader.number, atMost: 1).count == 1 else { throw TimeoutError("listening") }
    try conversation(running)
  } catch {
    running.stop()
    _ = try thread.value()
    throw error
  }
  let result = try thread.value()
  return ServeOutcome(events: result.events, printed: try reader.readAll(atMost: .max), failure: result.failure)
}

/// Starts a thread that listens and runs the body, which serves step by step. The server listens when the call returns.
func serveSteps<R: Sendable>(
  _ which: EngineName, at endpoint: Endpoint, sizes: LinkSizes = LinkSizes(),
  _ body: @escaping @Sendable (any Engine.Type, borrowing Link) throws -> R
) throws -> TestThread<R> {
  TestSystem.block(SIGPIPE)
  let readiness = try TestSystem.pipe().release()
  let readyReader = Descriptor(owning: readiness.first)
  let thread = try TestThread { () throws -> R in
    let ready = Descriptor(owning: readiness.second)
    let link = try which.engine.listen(at: endpoint, sizes, observer: nil)
    _ = try TestSystem.write(ready.number, [0])
    let result = Result { try body(which.engine, link) }
    try which.engine.close(link)
    return try result.get()
  }
  guard try TestSystem.readAll(readyReader.number, atMost: 1).count == 1 else {
    _ = try thread.value()
    throw TimeoutError("listening")
  }
  return thread
}

/// Calls that wait until they have transferred everything.
extension Engine {
  static func connectClient(to endpoint: Endpoint, waits: Bool = true) throws(Failure) -> Link {
    try connect(to: endpoint, waits: waits, timeout: .seconds(timeoutSeconds), observer: nil)
  }

  static func awaitReady(_ link: borrowing Link, _ events: Readiness) throws(Failure) {
    _ = try wait(link, for: events, extra: nil, timeout: .seconds(timeoutSeconds))
  }

  static func sendAll(_ link: borrowing Link, _ bytes: [UInt8]) throws(Failure) {
    var rest = bytes.span
    while !rest.isEmpty {
      if let count = try send(link, rest) {
        rest = rest.extracting(droppingFirst: count)
      } else {
        try awaitReady(link, .writable)
      }
    }
  }

  /// Sends until the other end makes no more room, because this end does not receive.
  static func fill(_ link: borrowing Link) throws(Failure) {
    let block = [UInt8](repeating: 1, count: 4096)
    while true {
      do { _ = try wait(link, for: .writable, extra: nil, timeout: .milliseconds(300)) } catch {
        if error.cause == .system(.timedOut) { return }
        throw error
      }
      _ = try send(link, block.span)
    }
  }

  /// Receives this many bytes, or fewer if the stream ends first.
  static func receiveAll(_ link: borrowing Link, atMost limit: Int = .max) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < limit {
      var buffer = [UInt8](repeating: 0, count: min(65_536, limit - bytes.count))
      var span = buffer.mutableSpan
      guard let count = try receive(link, into: &span) else {
        try awaitReady(link, .readable)
        continue
      }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return bytes
  }

  static func halfCloseAll(_ link: borrowing Link) throws(Failure) {
    while try !halfClose(link) { try awaitReady(link, .writable) }
  }

  /// Connects, sends the bytes and half-closes, and returns the whole answer.
  static func request(_ endpoint: Endpoint, _ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    let link = try connectClient(to: endpoint)
    try sendAll(link, bytes)
    try halfCloseAll(link)
    let answer = try receiveAll(link)
    try close(link)
    return answer
  }
}
