// Accepting clients, within the server's limits.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

extension Loop {
  private mutating func admit(_ number: CInt, _ client: Client) throws(Failure) {
    let index = table.add(number, client, now: now)
    if let limit = options.limits.clientsPerAddress, table.countAddress(index) > limit {
      _ = table.sessions[index].notify(.accept, failed: .system(Errno(rawValue: EUSERS)), shared)
      SwiftEngine.resetOnClose(number)
      _ = System.close(number)
      table.remove(index)
      counters.refused += 1
      return
    }
    SwiftEngine.prepareClient(of: listener, number)
    counters.accepted += 1
    table.sessions[index].notify(.accept, shared)
    if !options.keepOpen { accepts = false }
    try step(index, ready: 0)
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
  private mutating func wasReported(_ cause: Cause) -> Bool { !reported.insert(cause).inserted }

  /// Reports an error of accepting, once for each kind until the backlog is empty. Pauses accepting after a shortage,
  /// and after an error that repeats. Throws a failure that ends serving.
  private mutating func takeError(_ cause: Cause) throws(Failure) {
    let (endpoint, repeats) = (shared.endpoint, wasReported(cause))
    if !repeats { _ = shared.observer.notify(.accept, on: listener.number, failed: cause, endpoint: endpoint) }
    if Self.isFatal(cause) { throw Failure(.accept, cause, at: endpoint) }
    if repeats || Self.isShortage(cause) { resume = now + Int64(Limit.acceptPause.milliseconds) }
  }

  /// Accepts at most so many of the clients in the backlog. Throws a failure that ends serving.
  mutating func accept(atMost limit: Int) throws(Failure) {
    var left = limit
    while left > 0, canAccept {
      left -= 1
      var client = Client()
      let number: Int?
      do throws(Cause) {
        try table.grow()
        number = try Cause.ready(SwiftEngine.acceptClient(listener.number, &client))
      } catch {
        try takeError(error)
        if resume != nil { return }
        continue
      }
      guard let number else {
        if !reported.isEmpty { reported = [] }  // the backlog is empty: later errors are new ones
        return
      }
      try admit(CInt(number), client)
    }
  }
}
