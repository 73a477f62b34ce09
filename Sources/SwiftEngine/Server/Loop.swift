// The loop: waits for all that may happen, and lets each session take its step.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

struct Loop: ~Copyable {
  /// That one wait returns.
  private static let eventsAtOnce = 256
  /// In a row, before clients that are already here have their turn.
  private static let acceptsAtOnce = 64
  /// At a stop: more than wait in a backlog, so that who keeps coming can't put it off.
  private static let lastAccepts = 65_536
  /// What epoll(7) returns for the listener. Sessions have tokens of 32 bits.
  private static let listenerToken = UInt64.max

  private static let linger = Int64(Limit.linger.milliseconds)

  let listener: CInt
  /// The listener is others', too.
  let isLent: Bool
  let serving: ServeOptions
  /// In milliseconds.
  private let idle: Int64?
  let epoll: Descriptor
  var shared: Shared
  var table: Table
  /// Read once a round.
  var now = System.now()
  /// Still takes clients.
  var accepts = true
  /// The listener is being watched.
  var listens = false
  /// When to accept again after a shortage.
  var resume: Int64?
  /// But for what sessions that are here have moved.
  var counters = Counters()
  /// The shortage that was told.
  var shortage: Cause?
  private var control: Control

  init(
    _ listener: CInt, at endpoint: Endpoint, isLent: Bool, _ service: Service, _ serving: ServeOptions,
    _ observer: Observer?, epoll: consuming Descriptor
  ) throws(Failure) {
    (self.listener, self.isLent, self.serving) = (listener, isLent, serving)
    idle = serving.limits.idle.map { Int64($0.milliseconds) }
    control = Control(serving, observer, at: endpoint)
    try control.watch(in: epoll)
    self.epoll = epoll
    shared = Shared(endpoint: endpoint, service: service, serving, observer)
    table = Table(countsAddresses: serving.limits.clientsPerAddress != nil)
  }

  var endpoint: Endpoint { shared.endpoint }
  var observer: Observer? { shared.observer }

  // MARK: Rounds

  mutating func run() throws(Failure) {
    var events = ReadyList(capacity: Self.eventsAtOnce)
    do throws(Failure) {
      repeat {
        try watchListener()
        let count = try SwiftEngine.check(.wait, System.wait(epoll.number, &events, timeout), at: endpoint)
        now = System.now()
        for index in 0..<count { try take(events[index].token, events[index].ready) }
        try expire()
      } while (accepts || table.count > 0) && !control.isOver(now)
    } catch {
      closeAll()
      throw error
    }
    closeAll()
  }

  /// Watches the listener only while a client would be taken, so that one that waits in the backlog does not spin the loop.
  private mutating func watchListener() throws(Failure) {
    if let due = resume, due <= now { resume = nil }
    let wanted = hasPlace && resume == nil
    guard wanted != listens else { return }
    listens = wanted
    let operation = wanted ? EPOLL_CTL_ADD : EPOLL_CTL_DEL
    let result = System.control(
      epoll.number, operation, listener, Session.readable | UInt32(EPOLLEXCLUSIVE.rawValue), token: Self.listenerToken)
    try SwiftEngine.check(.wait, result, at: endpoint)
  }

  /// Milliseconds to the next thing that happens by itself; -1 for none.
  private var timeout: CInt {
    var next = min(resume ?? .max, control.drainDeadline ?? .max)
    if let idle, let first = table.oldest(lingering: false) { next = min(next, table.sessions[first].active + idle) }
    if let first = table.oldest(lingering: true) { next = min(next, table.sessions[first].active + Self.linger) }
    return next == .max ? -1 : CInt(clamping: max(0, next - now))
  }

  private mutating func take(_ token: UInt64, _ ready: UInt32) throws(Failure) {
    switch token {
    case Self.listenerToken: try acceptClients(atMost: Self.acceptsAtOnce)
    case Control.stopToken: try takeStop()
    case Control.statusToken: takeStatusRequest()
    default: try step(Int(token), ready: ready)
    }
  }

  /// The first stop ends accepting; a second one, or one without time to drain, ends serving.
  private mutating func takeStop() throws(Failure) {
    guard control.takeStop(now: now) == .drain else { return }
    // Clients in the backlog are connected, and may have sent: the loop accepts them before the listener refuses others.
    // A lent listener refuses nobody: the next server accepts them.
    if !isLent { try acceptClients(atMost: Self.lastAccepts) }
    accepts = false
    if !isLent { _ = System.shutdown(listener, CInt(SHUT_RD)) }
  }

  private mutating func takeStatusRequest() {
    guard control.takeStatusRequest() else { return }
    var all = counters
    all.active = UInt64(table.count)
    for session in table.sessions {  // 0 where the place is free
      all.received += session.received
      all.sent += session.sent
    }
    control.report(all)
  }

  /// A session that has moved no byte for too long.
  private var overdue: Int? {
    guard let idle, let first = table.oldest(lingering: false) else { return nil }
    return table.sessions[first].active + idle <= now ? first : nil
  }

  /// Ends those whose time is over: lingering is enough by then, idling is a failure. Before that a session takes a last
  /// step: where the loop was busy with others, what has come may have had no turn yet.
  private mutating func expire() throws(Failure) {
    while let index = table.oldest(lingering: true), table.sessions[index].active + Self.linger <= now {
      try close(index, nil)
    }
    while let index = overdue {
      try step(index, ready: table.sessions[index].events)
      if overdue == index { try close(index, table.sessions[index].tell(.receive, failed: .system(.timedOut), shared)) }
    }
  }

  private mutating func closeAll() {
    for index in table.sessions.indices where table.sessions[index].descriptor >= 0 { try? close(index, nil) }
  }
}
