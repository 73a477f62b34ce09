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
      _ = System.close(number)
      table.remove(index)
      counters.refused += 1
      return
    }
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

  /// Pauses accepting after a shortage, which the observer gets once. Throws a failure that ends serving.
  private mutating func pauseAccepting(_ cause: Cause) throws(Failure) {
    let endpoint = shared.endpoint
    if cause != shortage { _ = shared.observer.notify(.accept, on: listener, failed: cause, endpoint: endpoint) }
    guard options.keepOpen, Self.isShortage(cause) else { throw Failure(.accept, cause, at: endpoint) }
    shortage = cause
    resume = now + Int64(Limit.acceptPause.milliseconds)
  }

  /// Accepts at most so many of the clients in the backlog. Throws a failure that ends serving.
  mutating func accept(atMost limit: Int) throws(Failure) {
    var left = limit
    while left > 0, canAccept {
      left -= 1
      table.grow()
      var client = Client()
      let number: Int?
      do throws(Failure) {
        number = try SwiftEngine.ready(.accept, SwiftEngine.acceptClient(listener, &client))
      } catch {
        return try pauseAccepting(error.cause)
      }
      guard let number else {
        shortage = nil  // the backlog is empty: a later shortage is a new one
        return
      }
      try admit(CInt(number), client)
    }
  }
}
