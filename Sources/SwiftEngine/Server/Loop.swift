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
  static let lastAccepts = 65_536
  /// What epoll(7) returns for the output and for the first listener; the other listeners have the tokens after it.
  /// Sessions have tokens of 32 bits.
  private static let outputToken = UInt64.max
  static let listenerToken = UInt64.max - 3 - UInt64(Limit.listeners)

  private static let linger = Int64(Limit.linger.milliseconds)

  /// What the loop knows of one of its listeners.
  struct ListenerState {
    /// The loop waits for it.
    var isWatching = false
    /// When to accept again after a pause.
    var resume: Int64?
    /// The errors of accepting that the observer knows of.
    var reported: Set<Cause> = []
  }

  let listeners: [Listener]
  /// By index.
  var states: [ListenerState]
  /// The first listener to watch, so that the server accepts from each in turn.
  var nextListener = 0
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
  /// The loop waits for the server's output.
  private var isWatchingOutput = false
  /// Without the bytes of sessions that have not ended.
  var counters = Counters()

  private init(
    _ listeners: [Listener], _ options: ServeOptions, _ observer: Observer?, _ shared: consuming SessionShared,
    epoll: consuming Descriptor
  ) {
    (self.listeners, self.options) = (listeners, options)
    states = listeners.map { _ in ListenerState() }
    idle = options.limits.idle.map { Int64($0.milliseconds) }
    time = options.limits.time.map { Int64($0.milliseconds) }
    table = SessionTable(countsAddresses: options.limits.clientsPerAddress != nil)
    control = Control(options, observer, at: listeners[0].endpoint)
    self.epoll = epoll
    self.shared = shared
  }

  /// Watches the output only while a session waits for it, as it is writable most of the time.
  private mutating func watchOutput() throws(Failure) {
    let watches = table.oldest(.printing) != nil
    guard watches != isWatchingOutput else { return }
    isWatchingOutput = watches
    let (operation, number) = (watches ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, shared.output.descriptor.rawValue)
    let result = System.control(epoll.number, operation, number, Session.writable, token: Self.outputToken)
    try SwiftEngine.check(.wait, result, at: listeners[0].endpoint)
  }

  /// Milliseconds until something is due without an event, or -1.
  private var timeout: CInt {
    var next = control.drainDeadline ?? .max
    for state in states { next = min(next, state.resume ?? .max) }
    if let idle, let first = table.oldest(.served) { next = min(next, table.sessions[first].active + idle) }
    if let time, let first = table.firstAccepted { next = min(next, table.sessions[first].since + time) }
    if let first = table.oldest(.lingering) { next = min(next, table.sessions[first].active + Self.linger) }
    return next == .max ? -1 : CInt(clamping: max(0, next - now))
  }

  /// A session whose client has moved no byte for too long.
  private var overdue: Int? {
    guard let idle, let first = table.oldest(.served) else { return nil }
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
    while let index = table.oldest(.lingering), table.sessions[index].active + Self.linger <= now {
      try close(index, nil)
    }
    while let index = overdue {
      try step(index, ready: table.sessions[index].events)
      guard overdue == index else { continue }
      try close(index, table.sessions[index].notify(.wait, failed: .system(.timedOut), shared))
    }
  }

  private mutating func closeAll(failed: Bool) {
    for index in 0..<table.sessions.count where table.sessions[index].descriptor >= 0 {
      if failed { abort(index) } else { stop(index) }
    }
  }

  /// Clients in a backlog are connected, and may have sent: the loop accepts them before the listener refuses others. A
  /// lent listener refuses nobody: the next server accepts them.
  private mutating func endAccepting() throws(Failure) {
    defer {
      for (index, listener) in listeners.enumerated() where !listener.isLent {
        refuse(from: index)
        SwiftEngine.refuse(listener, placeholder: epoll)
      }
    }
    for (index, listener) in listeners.enumerated() where !listener.isLent {
      try accept(from: index, atMost: Self.lastAccepts)
    }
    accepts = false
    try watch()
  }

  /// The first stop ends accepting; a second one, or one without time to drain, ends serving.
  private mutating func takeStop() throws(Failure) {
    switch control.takeStop(now: now) {
    case .none: return
    case .drain: try endAccepting()
    case .end:
      guard accepts else { return }
      for (index, listener) in listeners.enumerated() where !listener.isLent { refuse(from: index) }
    }
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

  /// Makes the sessions that wait for the output print, the longest wait first, until it takes no more.
  private mutating func takeOutput() throws(Failure) {
    while let index = table.oldest(.printing) {
      try step(index, ready: 0)
      if table.oldest(.printing) == index { return }
    }
  }

  private mutating func takeEvent(_ token: UInt64, _ ready: UInt32) throws(Failure) {
    switch token {
    case ...UInt64(UInt32.max): try step(Int(token), ready: ready)
    case Self.outputToken: try takeOutput()
    case Control.stopToken: try takeStop()
    case Control.statusToken: takeStatusRequest()
    default:
      let listener = Int(token - Self.listenerToken)
      // Another one's shortage may have paused it since the wait.
      if states[listener].resume == nil { try accept(from: listener, atMost: Self.acceptsAtOnce) }
    }
  }

  private mutating func run() throws(Failure) {
    var events = ReadyList(capacity: Self.eventsAtOnce)
    if listeners[0].isConnected { try take() }
    while (accepts || table.count > 0) && !control.isOver(now) {
      try watch()
      try watchOutput()
      let count = try SwiftEngine.check(.wait, System.wait(epoll.number, &events, timeout), at: listeners[0].endpoint)
      now = System.now()
      for index in 0..<count { try takeEvent(events[index].token, events[index].ready) }
      try expire()
    }
  }

  private static func makeBuffer() throws(Failure) -> Bytes {
    do { return try Bytes(count: Limit.buffer) } catch { throw Failure(.receive, error) }
  }

  /// As `SwiftEngine.serve`, with one loop in the calling thread; also returns the final counters.
  static func serve(
    _ listeners: [Listener], _ service: Service, _ options: ServeOptions,
    _ observer: Observer?, _ output: Output, _ counters: inout Counters
  ) throws(Failure) {
    let input = try makeBuffer()
    let reply = try makeBuffer()
    let shared = SessionShared(
      endpoints: listeners.map(\.endpoint), service: service, options, observer, output, input: input, reply: reply)
    let epoll = Descriptor(owning: CInt(try SwiftEngine.check(.wait, System.createEpoll(), at: listeners[0].endpoint)))
    var loop = Loop(listeners, options, observer, shared, epoll: epoll)
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
