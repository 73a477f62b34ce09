// Accepting clients, within the server's limits.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

extension Loop {
  private mutating func watch(_ index: Int) throws(Failure) {
    if let due = states[index].resume, due <= now { states[index].resume = nil }
    let watches = canAccept && states[index].resume == nil
    guard watches != states[index].isWatching else { return }
    states[index].isWatching = watches
    let operation = watches ? EPOLL_CTL_ADD : EPOLL_CTL_DEL
    let result = System.control(
      epoll.number, operation, listeners[index].number, Session.readable | UInt32(EPOLLEXCLUSIVE.rawValue),
      token: Self.listenerToken + UInt64(index))
    try SwiftEngine.check(.wait, result, at: listeners[0].endpoint)
  }

  /// Watches the listeners only while the loop accepts, as a client in a backlog would make it spin otherwise.
  mutating func watch() throws(Failure) {
    let (first, count) = (nextListener, listeners.count)
    for offset in 0..<count { try watch((first + offset) % count) }
  }

  /// Resets a client that the server does not serve.
  private mutating func refuse(_ index: Int, _ cause: Cause) {
    let number = table.sessions[index].descriptor
    _ = table.sessions[index].notify(.accept, failed: cause, shared)
    SwiftEngine.resetOnClose(number)
    _ = System.close(number)
    table.remove(index)
    counters.refused += 1
  }

  private mutating func admit(_ number: CInt, _ client: ClientAddress, from listener: Int) throws(Failure) {
    let index = table.add(number, client, now: now)
    table.sessions[index].listener = UInt8(listener)
    nextListener = listener + 1  // another one first, once there is room for one more client
    if let limit = options.limits.clientsPerAddress, table.countAddress(index) > limit {
      return refuse(index, .system(Errno(rawValue: EUSERS)))
    }
    SwiftEngine.prepareClient(of: listeners[listener], number)
    counters.accepted += 1
    table.sessions[index].notify(.accept, shared)
    if !options.keepOpen { accepts = false }
    try step(index, ready: 0)
  }

  /// Takes the client to which the server's socket is connected, as the only one. Throws a failure that ends serving.
  mutating func take() throws(Failure) {
    let server = listeners[0]
    let number: Int
    var client = ClientAddress()
    accepts = false
    do throws(Cause) {
      try table.grow()
      number = SwiftEngine.client(of: server, &client)
      if number < 0 { throw Cause(code: CInt(-number)) }
    } catch {
      throw shared.observer.notify(.accept, on: server.number, failed: error, endpoint: server.endpoint)
    }
    try admit(CInt(number), client, from: 0)
  }

  /// Whether the loop would accept another client.
  var canAccept: Bool { accepts && table.count < options.limits.clients ?? .max }

  private static func isShortage(_ cause: Cause) -> Bool {
    switch cause {
    case .system(.tooManyOpenFiles), .system(.tooManyOpenFilesInSystem), .system(.noBufferSpace), .system(.noMemory):
      true
    default: false
    }
  }

  /// Returns whether the listener can't work any more. Any other error may pass: the kernel also reports those of a
  /// client's network or of a firewall (accept(2)).
  private static func isFatal(_ cause: Cause) -> Bool {
    switch cause {
    case .system(.badFileDescriptor), .system(.badAddress), .system(.invalidArgument), .system(.notSocket): true
    default: false
    }
  }

  /// Marks an error as reported; returns whether it already was.
  private mutating func wasReported(_ cause: Cause, of listener: Int) -> Bool {
    !states[listener].reported.insert(cause).inserted
  }

  /// Reports an error of accepting, once for each kind until the backlog is empty. Pauses all listeners after a
  /// shortage, and this one after an error that repeats. Throws a failure that ends serving.
  private mutating func takeError(_ cause: Cause, of listener: Int) throws(Failure) {
    let (number, endpoint) = (listeners[listener].number, listeners[listener].endpoint)
    let repeats = wasReported(cause, of: listener)
    if !repeats { _ = shared.observer.notify(.accept, on: number, failed: cause, endpoint: endpoint) }
    if Self.isFatal(cause) { throw Failure(.accept, cause, at: endpoint) }
    for index in states.indices where Self.isShortage(cause) || (repeats && index == listener) {
      states[index].resume = now + Int64(Limit.acceptPause.milliseconds)
    }
  }

  /// Accepts at most so many of the clients in a listener's backlog. Throws a failure that ends serving.
  mutating func accept(from listener: Int, atMost limit: Int) throws(Failure) {
    var left = limit
    while left > 0, canAccept {
      left -= 1
      var client = ClientAddress()
      let number: Int?
      do throws(Cause) {
        try table.grow()
        number = try Cause.ready(SwiftEngine.acceptClient(listeners[listener].number, &client))
      } catch {
        try takeError(error, of: listener)
        if states[listener].resume != nil { return }
        continue
      }
      guard let number else {
        // The backlog is empty: later errors are new ones.
        if !states[listener].reported.isEmpty { states[listener].reported = [] }
        return
      }
      try admit(CInt(number), client, from: listener)
    }
  }

  /// Resets the clients that are left in a TCP listener's backlog, and counts them. A Unix listener resets its own when
  /// it closes, but would not if the loop accepted them.
  mutating func refuse(from listener: Int) {
    guard case .tcp = listeners[listener].endpoint else { return }
    for _ in 0..<Self.lastAccepts {
      var client = ClientAddress()
      do { try table.grow() } catch { return }
      let number = SwiftEngine.acceptClient(listeners[listener].number, &client)
      if number < 0 { return }  // the backlog is empty, or the kernel resets what is left
      refuse(table.add(CInt(number), client, now: now), .system(.canceled))
    }
  }
}
