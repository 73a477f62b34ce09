// A link's server in a thread of its own, a conversation with it, and where they meet.
internal import Glibc
internal import IPC
internal import Synchronization
internal import SystemPackage
internal import Testing

/// The ways over one machine that are no sockets.
enum LocalTransport: String, CaseIterable, Codable, Sendable {
  case pipe, queue, memory

  func place() throws(Errno) -> LocalPlace { try LocalPlace(self) }
}

/// An endpoint that nobody else has; what is left of it goes with it.
struct LocalPlace: ~Copyable {
  let endpoint: Endpoint
  /// The names of what stands there: the lobby first.
  let names: [[UInt8]]
  private let folder: Folder?

  init(_ transport: LocalTransport) throws(Errno) {
    switch transport {
    case .pipe:
      let folder = try Folder()
      let path = folder.path + Array("/pipe")
      names = ["pipe.lock", "pipe.in", "pipe.out"].map { folder.path($0) }
      endpoint = .pipe(path: path)
      self.folder = consume folder
    case .queue:
      let name = Array("/diptych-\(UInt64.random(in: 0...UInt64.max))")
      names = [name + Array(".in"), name + Array(".out")]
      endpoint = .queue(name: name)
      folder = nil
    case .memory:
      let name = Array("/diptych-\(UInt64.random(in: 0...UInt64.max))")
      names = [Array("/dev/shm") + name]
      endpoint = .memory(name: name)
      folder = nil
    }
  }

  /// Those of the names that are there.
  var present: [[UInt8]] {
    names.filter { name in
      if case .queue = endpoint { return (try? Kernel.openQueue(name, Kernel.readOnly)) != nil }
      return (try? Kernel.status(name)) != nil
    }
  }

  /// What a server leaves that was killed.
  func leave() throws(Errno) {
    if case .queue = endpoint {
      for name in names { try Kernel.makeQueue(name) }
      return
    }
    if case .memory = endpoint { return try makeObject(Engines.MemoryObjectTests.head(capacity: 4096), size: 16_384) }
    let lobby = try Kernel.open(path: names[0], Kernel.readWrite, create: 0o600)
    _ = try Kernel.write(lobby.number, (Array("IPCP".utf8) + [1] + [UInt8](repeating: 0, count: 19))[...])
    for name in names[1...] { try Kernel.makeFIFO(name) }
  }

  /// Locks that are held and waited for at the lobby: the server's two, and each client's one or two.
  func locks() throws -> Int {
    if case .queue = endpoint {
      return Kernel.locks(ofInode: try Kernel.inode(of: try Kernel.openQueue(names[0], Kernel.readOnly)))
    }
    return Kernel.locks(ofInode: try Kernel.status(names[0]).st_ino)
  }

  func awaitLocks(_ count: Int) throws {
    for _ in 0..<patience * 1000 {
      if try locks() == count { return }
      _ = try Kernel.isReadable(-1, within: 1)
    }
    throw Overdue("\(count) locks:")
  }

  deinit {
    if case .queue = endpoint { for name in names { try? Kernel.unlinkQueue(name) } }
    if case .memory = endpoint { try? Kernel.removeFile(names[0]) }
  }
}

/// A server that runs, and how to stop it.
struct Host: ~Copyable {
  let endpoint: Endpoint
  fileprivate let stopper: Descriptor

  func hasEnded(within milliseconds: CInt) throws(Errno) -> Bool {
    try Kernel.isReadable(stopper.number, within: milliseconds)
  }

  func stop() { _ = try? Kernel.send(stopper.number, [0]) }
}

/// Runs a server until it ends by itself or the conversation stops it.
func host(
  _ which: Which, _ service: Service, at endpoint: Endpoint, keepOpen: Bool = false,
  how: ServeOptions = ServeOptions(), sizes: LinkSizes = LinkSizes(), recording: Recording = Recording(),
  _ conversation: (borrowing Host) throws -> Void
) throws -> Served {
  Kernel.block(SIGPIPE)
  let stops = try Kernel.socketPair().release()
  let (readiness, printed) = (try Kernel.pipe().release(), try Kernel.pipe().release())
  let waiter = Descriptor(owning: readiness.first)
  let reader = Descriptor(owning: printed.first)
  let worker = try Worker { () throws -> (events: [Event], failure: Failure?) in
    let stop = Descriptor(owning: stops.first)
    let output = Descriptor(owning: printed.second)
    let ready = Descriptor(owning: readiness.second)
    let link = try which.engine.listen(at: endpoint, sizes, observer: nil)
    try Kernel.writeAll(ready)
    recording.clock.store(Kernel.threadClock, ordering: .relaxed)
    let roles = [link.number: Role.listener, output.number: Role.output]
    let ended = failure {
      var serving = how
      (serving.stop, serving.output) = (stop.lent, output.lent)
      serving.keepOpen = how.keepOpen || keepOpen
      try which.engine.serve(link, service, serving, observer: recording.observer)
    }
    let events = recording.masked(roles)
    try which.engine.close(link)
    return (events, ended?.masked)
  }
  let running = Host(endpoint: endpoint, stopper: Descriptor(owning: stops.second))
  do {
    guard try Kernel.readAll(waiter.number, atMost: 1).count == 1 else { throw Overdue("listening:") }
    try conversation(running)
  } catch {
    running.stop()
    _ = try worker.value()
    throw error
  }
  let result = try worker.value()
  return Served(events: result.events, printed: try reader.readAll(atMost: .max), failure: result.failure)
}

/// A server of single steps, in a thread of its own; it listens when this returns.
func serveSteps<R: Sendable>(
  _ which: Which, at endpoint: Endpoint, sizes: LinkSizes = LinkSizes(),
  _ body: @escaping @Sendable (any Engine.Type, borrowing Link) throws -> R
) throws -> Worker<R> {
  Kernel.block(SIGPIPE)
  let readiness = try Kernel.pipe().release()
  let waiter = Descriptor(owning: readiness.first)
  let worker = try Worker { () throws -> R in
    let ready = Descriptor(owning: readiness.second)
    let link = try which.engine.listen(at: endpoint, sizes, observer: nil)
    try Kernel.writeAll(ready)
    let result = Result { try body(which.engine, link) }
    try which.engine.close(link)
    return try result.get()
  }
  guard try Kernel.readAll(waiter.number, atMost: 1).count == 1 else {
    _ = try worker.value()
    throw Overdue("listening:")
  }
  return worker
}

extension Kernel {
  fileprivate static func writeAll(_ ready: borrowing Descriptor) throws(Errno) { _ = try write(ready.number, [0]) }
}

/// Shorthands for a client that waits where it must.
extension Engine {
  static func client(of endpoint: Endpoint, waits: Bool = true) throws(Failure) -> Link {
    try connect(to: endpoint, waits: waits, timeout: .seconds(patience), observer: nil)
  }

  static func awaitReady(_ link: borrowing Link, _ events: Readiness) throws(Failure) {
    _ = try wait(link, for: events, extra: nil, timeout: .seconds(patience))
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

  /// That many bytes, or fewer where the end comes first.
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

  /// Says that, and hears all of the answer.
  static func ask(_ endpoint: Endpoint, _ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    let link = try client(of: endpoint)
    try sendAll(link, bytes)
    try halfCloseAll(link)
    let answer = try receiveAll(link)
    try close(link)
    return answer
  }
}
