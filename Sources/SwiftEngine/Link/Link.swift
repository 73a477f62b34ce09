// A link's steps, for each transport its row's; and what the rows share: waiting, and ending.
internal import Glibc
public import IPC
public import SystemPackage

/// One end, `struct ipc_link`. Its results are the contract's: >= 0, or a negated error.
class LinkEnd {
  let endpoint: Endpoint
  let serves: Bool
  /// The other end's end has come.
  var hasEnded = false
  /// This end's was sent.
  var isHalfClosed = false
  /// The other end said that it reads nothing any more.
  var hasLeft = false
  /// The locks; what is received and what is sent; -1 for none.
  var lobby: CInt = -1
  var input: CInt = -1
  var output: CInt = -1
  /// inotify(7): the lobby, and a server's FIFOs.
  var watch: CInt = -1
  /// Of the conversation; 0 is none, or one by hand.
  var turn: UInt64 = 0
  /// After EADDRINUSE: who holds the name.
  var holder: CInt?
  /// It was opened, and is still to be closed.
  fileprivate var isOpen = false

  init(_ endpoint: Endpoint, serves: Bool) { (self.endpoint, self.serves) = (endpoint, serves) }

  // What the rows do.
  func listen(_ sizes: LinkSizes) -> Int { -Int(EPROTONOSUPPORT) }
  func accept(extra: CInt, until deadline: Deadline) -> Int { -Int(EPROTONOSUPPORT) }
  func connect(waits: Bool, until deadline: Deadline) -> Int { -Int(EPROTONOSUPPORT) }
  func receive(_ buffer: inout MutableSpan<UInt8>, after taken: Int) -> Int { -Int(EPROTONOSUPPORT) }
  func send(_ bytes: Span<UInt8>) -> Int { -Int(EPROTONOSUPPORT) }
  func halfClose() -> Int { -Int(EPROTONOSUPPORT) }
  func leave() -> Int { -Int(EPROTONOSUPPORT) }
  func remove() {}

  /// Bytes that came, and were not taken yet.
  var held: Int { 0 }
  /// What nobody reads yet is not sent.
  var isUnread: Bool { false }
  /// Who reads what is sent may go away, and nothing else would tell.
  var needsAttention: Bool { false }
  /// Takes what the watch tells.
  func look() { Hold.clear(watch) }

  /// Closes a descriptor, and is none. It is not `inout`: what a class lends is checked at its every use elsewhere.
  final func closed(_ descriptor: CInt) -> CInt {
    if descriptor >= 0 { _ = System.close(descriptor) }
    return -1
  }

  final func dropAll() {
    if lobby >= 0 { System.unlockAll(lobby) }
    if lobby == input || lobby == output { lobby = -1 }  // a queue is its own lobby
    input = closed(input)
    output = closed(output)
    dropMore()
    watch = closed(watch)
    lobby = closed(lobby)
  }

  func dropMore() {}

  /// Looks at rings for as long as it takes to be woken: what comes meanwhile costs no look at the clock.
  func spin(_ events: Readiness) -> Readiness { [] }

  /// As `wait`; nil where there are no rings to wait at.
  func waitAtRings(_ events: Readiness, extra: CInt, until deadline: Deadline, hasSpun: Bool) -> Int? { nil }

  /// Looks at no other descriptor any more.
  func lookAway() {}

  /// What is to be done now and then while nothing happens.
  func rest() -> Int { 0 }

  final func wait(_ events: Readiness, extra: CInt, until deadline: Deadline, hasSpun: Bool = false) -> Int {
    if !events.isDisjoint(with: [.readable, .writable]),
      let result = waitAtRings(events, extra: extra, until: deadline, hasSpun: hasSpun)
    {
      return result
    }
    while true {
      let reads = events.contains(.readable)
      let writes = events.contains(.writable) && !isUnread
      let out = writes || (reads && needsAttention) ? output : -1
      var set: [4 of pollfd] = [
        pollfd(fd: reads ? input : -1, events: Readiness.readable.asked, revents: 0),
        pollfd(fd: out, events: writes ? Readiness.writable.asked : 0, revents: 0),
        pollfd(fd: extra, events: Readiness.readable.asked, revents: 0),
        pollfd(fd: watch, events: Readiness.readable.asked, revents: 0),
      ]
      let holds = reads && held > 0
      let isPast = holds || deadline.isPast
      let ready = System.poll(&set, until: isPast ? Deadline(after: .zero) : slice(deadline))
      if ready < 0 { return ready }
      var found: Readiness = holds || set[0].revents != 0 ? .readable : []
      if set[1].revents != 0 { found.insert(writes ? .writable : .readable) }
      if set[2].revents != 0 { found.insert(.extra) }
      if set[3].revents != 0 { look() }
      if !found.isEmpty { return Int(found.rawValue) }
      if !lives { return Int(events.rawValue) }  // the next call will tell
      if isPast, ready == 0 { return -Int(ETIMEDOUT) }
      let rested = ready == 0 ? rest() : 0
      if rested < 0 { return rested }
    }
  }

  // MARK: The steps

  final func beginToAccept(extra: CInt, until deadline: Deadline) -> Int {
    (hasEnded, isHalfClosed, hasLeft) = (false, false, false)
    return accept(extra: extra, until: deadline)
  }

  /// Behind the bytes that the buffer holds.
  final func receiveSome(_ buffer: inout MutableSpan<UInt8>, after taken: Int = 0) -> Int {
    hasEnded ? 0 : receive(&buffer, after: taken)
  }

  final func sendSome(_ bytes: Span<UInt8>) -> Int { isHalfClosed || hasLeft ? -Int(EPIPE) : send(bytes) }

  final func halfCloseOnce() -> Int { isHalfClosed ? 0 : halfClose() }

  final func leaveOnce() -> Int {
    let result = leave()
    turn = 0
    (isHalfClosed, hasEnded) = (true, true)
    return result
  }

  /// For the deinit of each row: whoever opened it has closed it, or it is closed here.
  final func closeAtLast() { if isOpen { _ = close() } else { dropAll() } }

  final func close() -> Int {
    isOpen = false
    let result = leaveOnce()
    if serves, lobby >= 0 { remove() }
    dropAll()
    return result
  }
}

extension SwiftEngine {
  private static func end(_ endpoint: Endpoint, serves: Bool) -> LinkEnd? {
    switch endpoint {
    case .pipe(let path): PipeEnd(endpoint, path: path, serves: serves)
    case .queue(let name): QueueEnd(endpoint, name: name, serves: serves)
    case .memory(let name): MemoryEnd(endpoint, name: name, serves: serves)
    case .tcp, .unix, .abstract: nil
    }
  }

  private static func open(
    _ step: Step, at endpoint: Endpoint, serves: Bool, observer: Observer?, _ body: (LinkEnd) -> Int
  ) throws(Failure) -> Link {
    let end = end(endpoint, serves: serves)
    var fault = 0
    do { try check(endpoint) } catch { fault = -Int(error.cause.code) }
    let result = end.map { fault < 0 ? fault : body($0) } ?? -Int(EAFNOSUPPORT)
    let number = end?.lobby ?? -1
    guard let end, result >= 0 else {
      let failure = observer.notify(step, on: number, failed: Cause(code: CInt(-result)), endpoint: endpoint)
      throw Failure(step, failure.cause, at: endpoint, holder: end?.holder)
    }
    observer.notify(step, on: number, endpoint: endpoint)
    end.isOpen = true
    return Link(end, at: endpoint, number: number)
  }

  public static func listen(at endpoint: Endpoint, _ sizes: LinkSizes, observer: Observer?) throws(Failure)
    -> Link
  {
    try open(.bind, at: endpoint, serves: true, observer: observer) { end in
      let sizes = sizes.withoutZeros
      guard Limit.queueMessage.contains(sizes.message), Limit.queueDepth.contains(sizes.depth),
        Ring.isCapacity(sizes.ring)
      else {
        return -Int(EINVAL)
      }
      return end.listen(sizes)
    }
  }

  public static func accept(
    _ link: borrowing Link, extra: FileDescriptor?, timeout: Duration?
  ) throws(Failure) {
    let result = link.end.beginToAccept(extra: extra?.rawValue ?? -1, until: Deadline(after: timeout))
    try check(.accept, result)
  }

  public static func connect(
    to endpoint: Endpoint, waits: Bool, timeout: Duration?, observer: Observer?
  ) throws(Failure) -> Link {
    let deadline = Deadline(after: timeout)
    return try open(.connect, at: endpoint, serves: false, observer: observer) {
      $0.connect(waits: waits, until: deadline)
    }
  }

  @inline(__always)
  public static func receive(
    _ link: borrowing Link, into buffer: inout MutableSpan<UInt8>
  ) throws(Failure) -> Int? {
    try ready(.receive, link.end.receiveSome(&buffer))
  }

  @inline(__always)
  public static func send(_ link: borrowing Link, _ bytes: Span<UInt8>) throws(Failure) -> Int? {
    try ready(.send, link.end.sendSome(bytes))
  }

  public static func wait(
    _ link: borrowing Link, for events: Readiness, extra: FileDescriptor?, timeout: Duration?
  ) throws(Failure) -> Readiness {
    if extra == nil {
      let come = link.end.spin(events.intersection([.readable, .writable]))
      if !come.isEmpty { return come }
    }
    return try waitLong(link.end, for: events, extra: extra, timeout: timeout)
  }

  /// Apart, as a clock's reader needs room on the stack that is measured at each call.
  @inline(never)
  private static func waitLong(
    _ end: LinkEnd, for events: Readiness, extra: FileDescriptor?, timeout: Duration?
  ) throws(Failure) -> Readiness {
    let extra = extra?.rawValue ?? -1
    let result = end.wait(events, extra: extra, until: Deadline(after: timeout), hasSpun: extra < 0)
    return Readiness(rawValue: CInt(try check(.wait, result)))
  }

  public static func halfClose(_ link: borrowing Link) throws(Failure) -> Bool {
    try ready(.halfClose, link.end.halfCloseOnce()) != nil
  }

  public static func disconnect(_ link: borrowing Link) throws(Failure) { try check(.close, link.end.leaveOnce()) }

  public static func close(_ link: consuming Link) throws(Failure) { try check(.close, link.end.close()) }
}

extension Link {
  /// An end that the other engine made is a mistake, and traps.
  var end: LinkEnd { state(as: LinkEnd.self) }
}
