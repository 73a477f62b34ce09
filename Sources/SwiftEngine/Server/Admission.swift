// Clients come, take their steps, and go.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

extension Loop {
  var hasPlace: Bool { accepts && table.count < serving.limits.clients ?? .max }

  mutating func acceptClients(atMost limit: Int) throws(Failure) {
    var left = limit
    while left > 0, hasPlace {
      left -= 1
      table.grow()
      var client = Client()
      let result = SwiftEngine.acceptClient(listener, &client)
      if result >= 0 {
        try admit(CInt(result), client)
        continue
      }
      if result == -Int(EAGAIN) {
        shortage = nil  // nobody waits any more: the next one is another one, and told again
        return
      }
      let cause = Cause(code: CInt(-result))
      if cause != shortage { _ = observer.notify(.accept, on: listener, failed: cause, endpoint: endpoint) }
      guard serving.keepOpen, cause.isShortage else { throw Failure(.accept, cause, at: endpoint) }
      shortage = cause
      resume = now + Int64(Limit.acceptPause.milliseconds)
      return
    }
  }

  private mutating func admit(_ number: CInt, _ client: Client) throws(Failure) {
    let index = table.add(number, client, now: now)
    if let limit = serving.limits.clientsPerAddress, table.neighbours(index) > limit {
      _ = table.sessions[index].tell(.accept, failed: .system(Errno(rawValue: EUSERS)), shared)
      _ = System.close(number)
      counters.refused += 1
      return table.remove(index)
    }
    counters.accepted += 1
    table.sessions[index].tell(.accept, shared)
    if !serving.keepOpen { accepts = false }
    try step(index, ready: 0)
  }

  /// Lets a session take its step. What is thrown ends serving.
  mutating func step(_ index: Int, ready: UInt32) throws(Failure) {
    let (moved, lingered) = (table.sessions[index].moved, table.sessions[index].lingers)
    let wanted: UInt32
    do throws(Failure) {
      wanted = try table.sessions[index].step(ready: ready, &shared)
    } catch {
      return try close(index, error)
    }
    let total = table.sessions[index].moved
    if table.sessions[index].lingers != lingered || (!lingered && total != moved) {
      table.touch(index, lingered: lingered, now: now)
    }
    if wanted == 0 { return try close(index, nil) }
    if let limit = serving.limits.bytes, total > limit {
      return try close(index, table.sessions[index].tell(.receive, failed: .system(.fileTooLarge), shared))
    }
    if wanted != table.sessions[index].events { try watch(index, wanted) }
  }

  private mutating func watch(_ index: Int, _ wanted: UInt32) throws(Failure) {
    let operation = table.sessions[index].events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
    let number = table.sessions[index].descriptor
    table.sessions[index].events = wanted
    let result = System.control(epoll.number, operation, number, wanted, token: UInt64(index))
    if result < 0 { try close(index, table.sessions[index].tell(.wait, failed: Cause(code: CInt(-result)), shared)) }
  }

  /// Ends a session; a failure that ends serving is thrown. What prints is the server's own: when that fails, it ends.
  mutating func close(_ index: Int, _ failure: Failure?) throws(Failure) {
    let failure = isLeaving(failure) ? nil : failure
    let goesOn = serving.keepOpen && failure?.step != .output
    let told = goesOn ? failure : nil
    let number = table.sessions[index].descriptor
    let peer = told != nil || shared.wants(.close) ? table.sessions[index].peer(shared) : nil
    // A child between fork(2) and exec(3) holds the socket too: closing alone would leave it in the set, under our index.
    if table.sessions[index].events != 0 { _ = System.control(epoll.number, EPOLL_CTL_DEL, number, 0, token: 0) }
    _ = System.close(number)
    let (received, sent) = (table.sessions[index].received, table.sessions[index].sent)
    if let peer {
      let duration = Duration.milliseconds(now - table.sessions[index].since)
      let traffic = Event.Traffic(received: received, sent: sent, duration: duration)
      observer?.notify(Event(.close, on: number, endpoint: peer, failure: told, traffic: traffic))
    }
    counters.failed += failure == nil ? 0 : 1
    counters.received += received
    counters.sent += sent
    table.remove(index)
    if resume != nil { resume = now }  // there is a descriptor again
    if !goesOn, let failure { throw failure }
  }

  /// The end that chargen waits for.
  private func isLeaving(_ failure: Failure?) -> Bool {
    guard let failure, shared.service.isChargen else { return false }
    return failure.cause == .system(.brokenPipe) || failure.cause == .system(.connectionReset)
  }
}

extension Cause {
  /// Descriptors or memory ran out.
  fileprivate var isShortage: Bool {
    switch self {
    case .system(.tooManyOpenFiles), .system(.tooManyOpenFilesInSystem), .system(.noBufferSpace), .system(.noMemory):
      true
    default: false
    }
  }
}
