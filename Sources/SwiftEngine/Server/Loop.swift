// The loop: waits for whatever may happen, and makes each session take its step.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

struct Loop: ~Copyable {
  /// Returned by one wait.
  private static let eventsAtOnce = 256
  /// Clients accepted in a row, before the sessions take their steps.
  private static let acceptsAtOnce = 64
  /// At a stop: bounded, so that new clients can't delay it; larger than any backlog.
  private static let lastAccepts = 65_536
  /// What epoll(7) returns for the listener and for the output. Sessions have tokens of 32 bits.
  private static let listenerToken = UInt64.max
  private static let outputToken = UInt64.max - 3

  private static let linger = Int64(Limit.linger.milliseconds)

  let listener: Listener
  let options: ServeOptions
  /// In milliseconds.
  private let idle: Int64?
  /// For which a client may be connected, in milliseconds.
  private let time: Int64?
  var shared: SessionShared
  var table: SessionTable
  private var control: Control
  let epoll: Descriptor
  /// On the clock of `System.now`; read once a round.
  var now = System.now()
  /// The loop still accepts clients.
  var accepts = true
  /// The loop waits for the listener.
  private var isWatching = false
  /// The loop waits for the server's output.
  private var isWatchingOutput = false
  /// Sessions that wait for the output.
  var printing = 0
  /// Where to look for the first of them, so that each has its turn.
  private var nextPrinting = 0
  /// When to accept again after a pause.
  var resume: Int64?
  /// The errors of accepting that the observer knows of.
  var reported: Set<Cause> = []
  /// Without the bytes of sessions that have not ended.
  var counters = Counters()

  private init(
    _ listener: Listener, _ options: ServeOptions, _ observer: Observer?, _ shared: consuming SessionShared,
    epoll: consuming Descriptor
  ) {
    (self.listener, self.options) = (listener, options)
    idle = options.limits.idle.map { Int64($0.milliseconds) }
    time = options.limits.time.map { Int64($0.milliseconds) }
    table = SessionTable(countsAddresses: options.limits.clientsPerAddress != nil)
    control = Control(options, observer, at: listener.endpoint)
    self.epoll = epoll
    self.shared = shared
  }

  /// Watches the listener only while the loop accepts, as a client in the backlog would make it spin otherwise.
  private mutating func watchListener() throws(Failure) {
    if let due = resume, due <= now { resume = nil }
    let watches = canAccept && resume == nil
    guard watches != isWatching else { return }
    isWatching = watches
    let operation = watches ? EPOLL_CTL_ADD : EPOLL_CTL_DEL
    let result = System.control(
      epoll.number, operation, listener.number, Session.readable | UInt32(EPOLLEXCLUSIVE.rawValue),
      token: Self.listenerToken)
    try SwiftEngine.check(.wait, result, at: shared.endpoint)
  }

  /// Watches the output only while a session waits for it, as it is writable most of the time.
  private mutating func watchOutput() throws(Failure) {
    let watches = printing > 0
    guard watches != isWatchingOutput else { return }
    isWatchingOutput = watches
    let (operation, number) = (watches ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, shared.output.descriptor.rawValue)
    let result = System.control(epoll.number, operation, number, Session.writable, token: Self.outputToken)
    try SwiftEngine.check(.wait, result, at: shared.endpoint)
  }

  /// Milliseconds until something is due without an event, or -1.
  private var timeout: CInt {
    var next = min(resume ?? .max, control.drainDeadline ?? .max)
    if let idle, let first = table.oldest(lingering: false) { next = min(next, table.sessions[first].active + idle) }
    if let time, let first = table.firstAccepted { next = min(next, table.sessions[first].since + time) }
    if let first = table.oldest(lingering: true) { next = min(next, table.sessions[first].active + Self.linger) }
    return next == .max ? -1 : CInt(clamping: max(0, next - now))
  }

  /// A session that has moved no byte for too long.
  private var overdue: Int? {
    guard let idle, let first = table.oldest(lingering: false) else { return nil }
    return table.sessions[first].active + idle <= now ? first : nil
  }

  /// Closes the sessions that have used up their time, which is a failure.
  private mutating func expireTime() throws(Failure) {
    guard let time else { return }
    while let index = table.firstAccepted, table.sessions[index].since + time <= now {
      try close(index, table.sessions[index].notify(.timeLimit, failed: .system(.timedOut), shared))
    }
  }

  /// Closes the sessions that lingered long enough, and those that were idle for too long, which is a failure. An idle
  /// session takes a last step first: its client may have sent while the loop was busy with others.
  private mutating func expire() throws(Failure) {
    try expireTime()
    while let index = table.oldest(lingering: true), table.sessions[index].active + Self.linger <= now {
      try close(index, nil)
    }
    while let index = overdue {
      try step(index, ready: table.sessions[index].events)
      guard overdue == index else { continue }
      try close(index, table.sessions[index].notify(.receive, failed: .system(.timedOut), shared))
    }
  }

  private mutating func closeAll(failed: Bool) {
    for index in 0..<table.sessions.count where table.sessions[index].descriptor >= 0 {
      if failed { abort(index) } else { try? close(index, nil) }
    }
  }

  /// Clients in the backlog are connected, and may have sent: the loop accepts them before the listener refuses others.
  /// A lent listener refuses nobody: the next server accepts them.
  private mutating func endAccepting() throws(Failure) {
    defer { if !listener.isLent { SwiftEngine.refuse(listener, placeholder: epoll) } }
    if !listener.isLent { try accept(atMost: Self.lastAccepts) }
    accepts = false
    try watchListener()
  }

  /// The first stop ends accepting; a second one, or one without time to drain, ends serving.
  private mutating func takeStop() throws(Failure) {
    if control.takeStop(now: now) == .drain { try endAccepting() }
  }

  private mutating func takeStatusRequest() {
    guard control.takeStatusRequest() else { return }
    var all = counters
    all.active = UInt64(table.count)
    for index in 0..<table.sessions.count {  // 0 in a free slot
      all.received += table.sessions[index].received
      all.sent += table.sessions[index].sent
    }
    control.report(all)
  }

  /// Makes the sessions that wait for the output print, in turn, until it takes no more.
  private mutating func takeOutput() throws(Failure) {
    let (first, used) = (nextPrinting, table.sessions.count)
    for offset in 0..<used where printing > 0 {
      let index = (first + offset) % used
      guard table.sessions[index].phase == .printing else { continue }
      nextPrinting = index
      try step(index, ready: 0)
      if table.sessions[index].phase == .printing { return }
    }
  }

  private mutating func takeEvent(_ token: UInt64, _ ready: UInt32) throws(Failure) {
    switch token {
    case Self.listenerToken: try accept(atMost: Self.acceptsAtOnce)
    case Self.outputToken: try takeOutput()
    case Control.stopToken: try takeStop()
    case Control.statusToken: takeStatusRequest()
    default: try step(Int(token), ready: ready)
    }
  }

  private mutating func run() throws(Failure) {
    var events = ReadyList(capacity: Self.eventsAtOnce)
    repeat {
      try watchListener()
      try watchOutput()
      let count = try SwiftEngine.check(.wait, System.wait(epoll.number, &events, timeout), at: shared.endpoint)
      now = System.now()
      for index in 0..<count { try takeEvent(events[index].token, events[index].ready) }
      try expire()
    } while (accepts || table.count > 0) && !control.isOver(now)
  }

  private static func makeBuffer() throws(Failure) -> Bytes {
    do { return try Bytes(count: Limit.buffer) } catch { throw Failure(.receive, error) }
  }

  /// As `SwiftEngine.serve`, with one loop in the calling thread; also returns the final counters.
  static func serve(
    _ listener: Listener, _ service: Service, _ options: ServeOptions,
    _ observer: Observer?, _ output: Output, _ counters: inout Counters
  ) throws(Failure) {
    let input = try makeBuffer()
    let reply = try makeBuffer()
    let shared = SessionShared(
      endpoint: listener.endpoint, service: service, options, observer, output, input: input, reply: reply)
    let epoll = Descriptor(owning: CInt(try SwiftEngine.check(.wait, System.createEpoll(), at: listener.endpoint)))
    var loop = Loop(listener, options, observer, shared, epoll: epoll)
    var failure: Failure?
    do throws(Failure) {
      try SwiftEngine.check(.receive, System.reserveHeap())
      try loop.control.watch(in: loop.epoll)
      try loop.run()
    } catch {
      failure = error
    }
    loop.closeAll(failed: failure != nil)
    counters = loop.counters
    if let failure { throw failure }
  }
}
