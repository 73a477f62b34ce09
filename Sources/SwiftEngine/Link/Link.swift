// The steps of a link: what all transports share, before and after the functions of Pipe.swift, Queue.swift and
// Memory.swift.
internal import Glibc
public import IPC
public import SystemPackage

/// One end that is open, `struct ipc_link`.
final class LinkEnd {
  let endpoint: Endpoint
  /// The descriptor with the locks, for events.
  let number: CInt
  private let lock: NameLock
  private let transport: any LinkTransport
  private var isOpen = true

  init(at endpoint: Endpoint, _ lock: NameLock, _ transport: any LinkTransport) {
    (self.endpoint, self.lock, self.transport) = (endpoint, lock, transport)
    number = lock.number
  }

  /// An end that its owner did not close is closed without a report.
  deinit { if isOpen { try? close() } }

  func accept(extra: FileDescriptor?, until deadline: Deadline) throws(Cause) {
    try transport.accept(extra: extra, until: deadline)
  }

  /// Receives into `buffer`, behind the bytes before `offset`; returns nil if it would block, 0 at the peer's end.
  @inline(__always)
  func receive(into buffer: inout MutableSpan<UInt8>, at offset: Int = 0) throws(Cause) -> Int? {
    try transport.receive(into: &buffer, at: offset)
  }

  /// Sends some of the bytes; returns nil if it would block.
  @inline(__always)
  func send(_ bytes: Span<UInt8>) throws(Cause) -> Int? { try transport.send(bytes) }

  @inline(__always)
  func wait(for events: Readiness, extra: FileDescriptor?, timeout: Duration?) throws(Cause) -> Readiness {
    try transport.wait(for: events, extra: extra, timeout: timeout)
  }

  /// Ends what `wait` started for an extra descriptor, which the caller may close after that.
  func forgetExtra() { transport.forgetExtra() }

  /// Returns false if it would block.
  func halfClose() throws(Cause) -> Bool { try transport.halfClose() }

  func disconnect(failed: Bool = false) throws(Cause) { try transport.disconnect(failed: failed) }

  /// Removes a server's names, if they are still its own.
  func removeNames() { transport.removeNames() }

  func close() throws(Cause) {
    isOpen = false
    defer { if lock.isServer { removeNames() } }
    try disconnect()
  }
}

extension SwiftEngine {
  private static func findTransport(_ endpoint: Endpoint) -> (type: any LinkTransport.Type, name: [UInt8])? {
    switch endpoint {
    case .pipe(let path): (PipeLink.self, path)
    case .queue(let name): (QueueLink.self, name)
    case .memory(let name): (MemoryLink.self, name)
    case .tcp, .unix, .abstract: nil
    }
  }

  /// Returns the transport that opens an end, and the name that it opens.
  private static func create(_ endpoint: Endpoint) throws(Cause) -> (type: any LinkTransport.Type, name: [UInt8]) {
    guard let transport = findTransport(endpoint) else { throw .system(.addressFamilyNotSupported) }
    do { try check(endpoint) } catch { throw error.cause }
    return transport
  }

  /// Reports the step.
  private static func endOpening(
    _ step: Step, at endpoint: Endpoint, _ result: Result<any LinkTransport, Cause>, _ lock: NameLock,
    _ observer: Observer?
  ) throws(Failure) -> Link {
    do {
      let end = LinkEnd(at: endpoint, lock, try result.get())
      observer.notify(step, on: end.number, endpoint: endpoint)
      return Link(end, at: endpoint, number: end.number)
    } catch {
      let failure = observer.notify(step, on: lock.number, failed: error, endpoint: endpoint)
      throw Failure(step, failure.cause, at: endpoint, holder: lock.holder)
    }
  }

  private static func withDefaults(_ sizes: LinkSizes) -> LinkSizes {
    LinkSizes(
      message: sizes.message == 0 ? Limit.defaultQueueMessage : sizes.message,
      depth: sizes.depth == 0 ? Limit.defaultQueueDepth : sizes.depth,
      ring: sizes.ring == 0 ? Limit.defaultRing : sizes.ring)
  }

  private static func checkSizes(_ sizes: LinkSizes) throws(Cause) {
    guard Limit.queueMessage.contains(sizes.message), Limit.queueDepth.contains(sizes.depth),
      Ring.isCapacity(sizes.ring)
    else { throw .system(.invalidArgument) }
  }

  public static func listen(at endpoint: Endpoint, _ sizes: LinkSizes, observer: Observer?) throws(Failure)
    -> Link
  {
    let lock = NameLock(isServer: true)
    let result = Result { () throws(Cause) -> any LinkTransport in
      let transport = try create(endpoint)
      let sizes = withDefaults(sizes)
      try checkSizes(sizes)
      return try transport.type.listen(transport.name, sizes, lock)
    }
    return try endOpening(.bind, at: endpoint, result, lock, observer)
  }

  public static func accept(
    _ link: borrowing Link, extra: FileDescriptor?, timeout: Duration?
  ) throws(Failure) {
    do {
      try link.end.accept(extra: extra, until: Deadline(after: timeout))
    } catch {
      try fail(.accept, error)
    }
  }

  public static func connect(
    to endpoint: Endpoint, waits: Bool, timeout: Duration?, observer: Observer?
  ) throws(Failure) -> Link {
    let deadline = Deadline(after: timeout)
    let lock = NameLock(isServer: false)
    let result = Result { () throws(Cause) -> any LinkTransport in
      let transport = try create(endpoint)
      return try transport.type.connect(transport.name, waits: waits, until: deadline, lock)
    }
    return try endOpening(.connect, at: endpoint, result, lock, observer)
  }

  @inline(__always)
  public static func receive(
    _ link: borrowing Link, into buffer: inout MutableSpan<UInt8>
  ) throws(Failure) -> Int? {
    do { return try link.end.receive(into: &buffer) } catch { try fail(.receive, error) }
  }

  @inline(__always)
  public static func send(_ link: borrowing Link, _ bytes: Span<UInt8>) throws(Failure) -> Int? {
    do { return try link.end.send(bytes) } catch { try fail(.send, error) }
  }

  public static func wait(
    _ link: borrowing Link, for events: Readiness, extra: FileDescriptor?, timeout: Duration?
  ) throws(Failure) -> Readiness {
    do {
      return try link.end.wait(for: events, extra: extra, timeout: timeout)
    } catch {
      try fail(.wait, error)
    }
  }

  public static func halfClose(_ link: borrowing Link) throws(Failure) -> Bool {
    do { return try link.end.halfClose() } catch { try fail(.halfClose, error) }
  }

  private static func endConversation(_ link: borrowing Link, failed: Bool) throws(Failure) {
    do { try link.end.disconnect(failed: failed) } catch { try fail(.close, error) }
  }

  public static func disconnect(_ link: borrowing Link) throws(Failure) { try endConversation(link, failed: false) }

  public static func reset(_ link: borrowing Link) throws(Failure) { try endConversation(link, failed: true) }

  public static func close(_ link: consuming Link) throws(Failure) {
    do { try link.end.close() } catch { try fail(.close, error) }
  }

  /// Not inlined: it is much machine code, and runs rarely.
  @inline(never)
  private static func fail(_ step: Step, _ cause: Cause) throws(Failure) -> Never { throw Failure(step, cause) }
}

extension Link {
  /// Traps if another engine made the link.
  var end: LinkEnd { state(as: LinkEnd.self) }
}
