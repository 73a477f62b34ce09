// A server in a thread of its own, and a conversation with it.
internal import IPC
internal import Synchronization
internal import SystemPackage
internal import Testing

/// How serving ended, and what was seen of it.
struct Served: Equatable, Sendable {
  var events: [Event]
  var printed: [UInt8]
  var failure: Failure?
}

/// A server that runs: where it listens, and how to stop it.
struct Running: ~Copyable {
  let endpoint: Endpoint
  let listener: CInt
  /// A client that had sent something before the server could accept it.
  let early: Peer?
  fileprivate let stopper: Descriptor

  /// Whether it has ended within the time: its end of the stop is closed then.
  func hasEnded(within milliseconds: CInt) throws(Errno) -> Bool {
    try Kernel.isReadable(stopper.number, within: milliseconds)
  }

  /// A server that has ended needs none.
  func stop() { _ = try? Kernel.send(stopper.number, [0]) }

  /// Nobody can send a stop any more; `hasEnded` still works.
  func endStops() { try? Kernel.halfClose(stopper.number) }
}

/// What crosses into the server's thread.
private struct Job: Sendable {
  let which: Which
  let service: Service
  let how: ServeOptions
  let faults: [Fault]
  let listener: CInt
  let backlog: Int
  let endpoint: Endpoint
  let file: (device: UInt64, inode: UInt64)?
  let isLent: Bool
  let stop: CInt
  let output: CInt
  let recording: Recording

  func serve() throws -> (events: [Event], failure: Failure?, missed: [String]) {
    let engine = which.engine
    let stop = Descriptor(owning: stop)
    let output = Descriptor(owning: output)
    let file = file.map { Server.File(device: $0.device, inode: $0.inode) }
    let server = Server(Descriptor(owning: listener), at: endpoint, backlog: backlog, isLent: isLent, file: file)
    recording.clock.store(Kernel.threadClock, ordering: .relaxed)
    let (ended, missed) = Fault.run(faults) {
      failure {
        var serving = how
        (serving.stop, serving.output) = (stop.lent, output.lent)
        try engine.serve(server, service, serving, observer: recording.observer)
      }
    }
    let events = recording.masked([listener: Role.listener, output.number: Role.output])
    try engine.close(server)
    return (events, ended?.masked, missed)
  }
}

/// Runs the server until it ends by itself or the conversation stops it. With `early` input, a client has sent that before;
/// with `adopted`, it adopts a copy of that listener. The backlog is larger than the contract's: who finds it full tries
/// again after a second.
func serve(
  _ which: Which, _ service: Service, at endpoint: Endpoint = .anyIPv4, adopted: CInt? = nil, keepOpen: Bool = false,
  how: ServeOptions = ServeOptions(), backlog: Int = 1024, faults: [Fault] = [], recording: Recording = Recording(),
  output: consuming Descriptor? = nil, early: [UInt8]? = nil,
  _ conversation: (borrowing Running) throws -> Void
) throws -> Served {
  let (stop, printed) = (try Kernel.socketPair().release(), try Kernel.pipe().release())
  let reader = Descriptor(owning: printed.first)
  // What is put in the place of the printed text's pipe ends that.
  if output != nil { _ = Descriptor(owning: printed.second) }
  let server =
    if let adopted { try which.engine.adopt(adopted) } else {
      try which.engine.openServer([endpoint], backlog: backlog, observer: nil)
    }
  let isLent = server.isLent
  let (file, place, listener) = (server.file.map { ($0.device, $0.inode) }, server.endpoint, server.descriptor.number)
  var client: Peer?
  if let early {
    let peer = try Peer(to: place)
    try peer.send(early)
    client = consume peer
  }
  let running = Running(
    endpoint: place, listener: listener, early: client, stopper: Descriptor(owning: stop.second))
  var how = how
  how.keepOpen = how.keepOpen || keepOpen
  let job = Job(
    which: which, service: service, how: how, faults: faults, listener: server.release().release(),
    backlog: backlog, endpoint: place, file: file, isLent: isLent, stop: stop.first,
    output: output?.release() ?? printed.second, recording: recording)
  let worker = try Worker { try job.serve() }
  do {
    try conversation(running)
  } catch {
    running.stop()
    _ = try worker.value()
    throw error
  }
  let (events, failure, missed) = try worker.value()
  #expect(missed.isEmpty, "faults did not happen")
  return Served(events: events, printed: try reader.readAll(atMost: .max), failure: failure)
}
