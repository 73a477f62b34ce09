// A server in a thread of its own, and a conversation with it.
internal import IPC
internal import Synchronization
internal import SystemPackage
internal import Testing

/// How serving ended, the events that it reported, and the text that it printed.
struct ServeOutcome: Equatable, Sendable {
  var events: [Event]
  var printed: [UInt8]
  var failure: Failure?
}

/// A running server.
struct RunningServer: ~Copyable {
  let endpoint: Endpoint
  let listener: CInt
  /// A client that has sent something before the server accepts it.
  let early: RawPeer?
  fileprivate let stopper: Descriptor

  /// Whether the server ends within the time. Its thread then closes its end of the stop's socket.
  func hasEnded(within milliseconds: CInt) throws(Errno) -> Bool {
    try TestSystem.isReadable(stopper.number, within: milliseconds)
  }

  /// Ignores errors: the server may have ended already.
  func stop() { _ = try? TestSystem.send(stopper.number, [0]) }

  /// Closes the writing end of the stop requests. `hasEnded` still works.
  func endStops() { try? TestSystem.halfClose(stopper.number) }
}

/// The values that the server's thread needs.
private struct ServerJob: Sendable {
  let which: EngineName
  let service: Service
  let options: ServeOptions
  let faults: [Fault]
  let listener: CInt
  let backlog: Int
  let endpoint: Endpoint
  let file: (device: UInt64, inode: UInt64)?
  let keepAlive: Duration
  let isLent: Bool
  let stop: CInt
  let output: CInt
  let recorder: EventRecorder

  func serve() throws -> (events: [Event], failure: Failure?, missed: [String]) {
    let engine = which.engine
    let stop = Descriptor(owning: stop)
    let output = Descriptor(owning: output)
    let file = file.map { Server.File(device: $0.device, inode: $0.inode) }
    let server = Server(
      Descriptor(owning: listener), at: endpoint, backlog: backlog, keepAlive: keepAlive, isLent: isLent, file: file)
    recorder.clock.store(TestSystem.threadClock, ordering: .relaxed)
    let (ended, missed) = FaultInjection.run(faults) {
      failure {
        var options = options
        (options.stop, options.output) = (stop.lent, output.lent)
        try engine.serve(server, service, options, observer: recorder.observer)
      }
    }
    let events = recorder.masked([listener: Role.listener, output.number: Role.output])
    try engine.close(server)
    return (events, ended?.masked, missed)
  }
}

/// Runs a server until it ends, by itself or because the conversation stops it.
///
/// - Parameters:
///   - adopted: A listener. The server adopts a copy of it instead of opening one.
///   - backlog: Larger than the default, because a client that finds the backlog full retries only after a second.
///   - output: Replaces the pipe for the server's output, so that `printed` is empty.
///   - early: Input that a client sends before the server accepts it.
func serve(
  _ which: EngineName, _ service: Service, at endpoint: Endpoint = .anyIPv4, adopted: CInt? = nil,
  keepOpen: Bool = false,
  options: ServeOptions = ServeOptions(), backlog: Int = 1024, faults: [Fault] = [],
  recorder: EventRecorder = EventRecorder(), output: consuming Descriptor? = nil, early: [UInt8]? = nil,
  _ conversation: (borrowing RunningServer) throws -> Void
) throws -> ServeOutcome {
  let (stop, printed) = (try TestSystem.socketPair().release(), try TestSystem.pipe().release())
  let reader = Descriptor(owning: printed.first)
  // Without a writer, the pipe of the printed text is at its end.
  if output != nil { _ = Descriptor(owning: printed.second) }
  let server =
    if let adopted { try which.engine.adopt(adopted) } else {
      try which.engine.openServer([endpoint], backlog: backlog, observer: nil)
    }
  let (isLent, keepAlive) = (server.isLent, server.keepAlive)
  let (file, bound, listener) = (server.file.map { ($0.device, $0.inode) }, server.endpoint, server.descriptor.number)
  let running = RunningServer(
    endpoint: bound, listener: listener, early: try connectEarly(early, to: bound),
    stopper: Descriptor(owning: stop.second))
  var options = options
  options.keepOpen = options.keepOpen || keepOpen
  let job = ServerJob(
    which: which, service: service, options: options, faults: faults, listener: server.release().release(),
    backlog: backlog, endpoint: bound, file: file, keepAlive: keepAlive, isLent: isLent, stop: stop.first,
    output: output?.release() ?? printed.second, recorder: recorder)
  let (events, failure, missed) = try run(job, running, conversation)
  FaultInjection.expectNoneMissed(missed)
  return ServeOutcome(events: events, printed: try reader.readAll(atMost: .max), failure: failure)
}

private func connectEarly(_ input: [UInt8]?, to endpoint: Endpoint) throws -> RawPeer? {
  guard let input else { return nil }
  let peer = try RawPeer(to: endpoint)
  try peer.send(input)
  return peer
}

private func run(
  _ job: ServerJob, _ running: borrowing RunningServer, _ conversation: (borrowing RunningServer) throws -> Void
) throws -> (events: [Event], failure: Failure?, missed: [String]) {
  let thread = try TestThread { try job.serve() }
  do {
    try conversation(running)
  } catch {
    running.stop()
    _ = try thread.value()
    throw error
  }
  return try thread.value()
}
