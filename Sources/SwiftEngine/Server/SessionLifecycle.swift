// What a loop does with a session: it makes the session take a step, watches for what it waits for, and closes it.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

extension Loop {
  /// Whether a session ended as its service does: chargen goes on until its client leaves.
  private func isNormalEnd(_ failure: Failure) -> Bool {
    guard shared.service.isChargen else { return false }
    return failure.cause == .system(.brokenPipe) || failure.cause == .system(.connectionReset)
  }

  /// Ends a session; after a failure, its client sees a reset over TCP. Throws the failure if that ends serving: always
  /// for a server of one client; for others only if the server's own output failed; never for a stop.
  mutating func close(_ index: Int, _ ended: Failure?) throws(Failure) {
    var failure = ended
    if let ended, isNormalEnd(ended) { failure = nil }
    let isStopped = failure?.step == .stop
    let goesOn = isStopped || options.keepOpen && failure?.step != .output
    let reported = goesOn ? failure : nil
    let number = table.sessions[index].descriptor
    let peer = reported != nil || shared.wants(.close) ? table.sessions[index].peer(shared) : nil
    // A child between fork(2) and exec(3) has the socket too: then close(2) alone would leave it in the set, under our
    // index.
    if table.sessions[index].events != 0 { _ = System.control(epoll.number, EPOLL_CTL_DEL, number, 0, token: 0) }
    if failure != nil, table.sessions[index].client.family != AF_UNIX { SwiftEngine.resetOnClose(number) }
    _ = System.close(number)
    let (received, sent) = (table.sessions[index].received, table.sessions[index].sent)
    if let peer {
      let duration = Duration.milliseconds(now - table.sessions[index].since)
      let traffic = Event.Traffic(received: received, sent: sent, duration: duration)
      shared.observer?.notify(Event(.close, on: number, endpoint: peer, failure: reported, traffic: traffic))
    }
    counters.failed += failure == nil || isStopped ? 0 : 1
    counters.received += received
    counters.sent += sent
    table.remove(index)
    // A descriptor is free again.
    for index in states.indices where states[index].resume != nil { states[index].resume = now }
    if !goesOn, let failure { throw failure }
  }

  /// Ends a session because of a stop. A client whose session is unfinished sees a reset, as after a failure.
  mutating func stop(_ index: Int) {
    let isUnfinished = table.sessions[index].isUnfinished(shared)
    if table.sessions[index].phase == .lingering {  // unread bytes would be a reset at the close
      _ = try? table.sessions[index].step(ready: Session.readable, &shared)
    }
    let peer = isUnfinished ? table.sessions[index].peer(shared) : nil
    try? close(index, peer.map { Failure(.stop, .system(.canceled), at: $0) })
  }

  /// Ends a session because the server failed. Its client sees the same whether or not its bytes have arrived: a reset
  /// over TCP, as clients in the backlog see, so that it does not take the answer for complete; the end over a Unix
  /// socket.
  mutating func abort(_ index: Int) {
    let (number, isUnix) = (table.sessions[index].descriptor, table.sessions[index].client.family == AF_UNIX)
    if table.sessions[index].phase != .lingering, isUnix {
      _ = System.shutdown(number, CInt(SHUT_RDWR))  // no more bytes arrive; unread ones would be a reset at the close
      while shared.input.withMutableSpan({ System.receive(number, &$0) }) > 0 {}
    } else if table.sessions[index].phase != .lingering {
      SwiftEngine.resetOnClose(number)
    }
    try? close(index, nil)
  }

  private mutating func watch(_ index: Int, _ events: UInt32) throws(Failure) {
    let former = table.sessions[index].events
    if events == former { return }
    let change = events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD
    let operation = former == 0 ? EPOLL_CTL_ADD : change
    table.sessions[index].events = events
    let number = table.sessions[index].descriptor
    let result = System.control(epoll.number, operation, number, events, token: UInt64(index))
    if result < 0 { throw table.sessions[index].notify(.wait, failed: Cause(code: CInt(-result)), shared) }
  }

  /// Makes a session take a step, and closes it at its end. Throws a failure that ends serving.
  mutating func step(_ index: Int, ready: UInt32) throws(Failure) {
    let before = table.sessions[index].moved
    do throws(Failure) {
      let events = try table.sessions[index].step(ready: ready, &shared)
      if table.sessions[index].moved != before || table.sessions[index].group != table.sessions[index].list {
        table.touch(index, now: now)
      }
      // A session that prints waits for the output; its client's end would be reported on and on.
      if events > 0 { return try watch(index, table.sessions[index].phase == .printing ? 0 : events) }
    } catch {
      return try close(index, error)
    }
    try close(index, nil)
  }
}
