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
      var address = Address()
      let result = SwiftEngine.acceptAddress(listener, &address)
      if result >= 0 {
        try admit(CInt(result), Client(address))
        continue
      }
      if result == -Int(EAGAIN) {
        shortage = nil  // nobody waits any more: the next one is another one, and told again
        return
      }
      let cause = Cause(code: CInt(-result))
      if cause != shortage { _ = observer.tell(.accept, on: listener, failed: cause, endpoint: endpoint) }
      guard serving.keepOpen, cause.isShortage else { throw Failure(.accept, cause, at: endpoint) }
      shortage = cause
      resume = now + Int64(Limit.acceptPause.milliseconds)
      return
    }
  }

  private mutating func admit(_ number: CInt, _ client: Client) throws(Failure) {
    let index = table.add(number, client, now: now)
    if let limit = serving.limits.clientsPerAddress, table.neighbours(index) > limit {
      _ = tell(index, .accept, failed: .system(Errno(rawValue: EUSERS)))
      _ = System.close(number)
      counters.refused += 1
      return table.remove(index)
    }
    counters.accepted += 1
    tell(index, .accept)
    if !serving.keepOpen { accepts = false }
    try step(index, ready: 0)
  }

  /// Lets a session take its step. What is thrown ends serving.
  mutating func step(_ index: Int, ready: UInt32) throws(Failure) {
    let (moved, lingered) = (table.sessions[index].moved, table.sessions[index].lingers)
    var wanted: UInt32 = 0
    var failure: Failure?
    do {
      wanted = try takeStep(index, ready: ready)
    } catch {
      failure = error
    }
    let session = table.sessions[index]
    if wanted > 0, let limit = serving.limits.bytes, session.moved > limit {
      failure = tell(index, .receive, failed: .system(.fileTooLarge))
    }
    if session.lingers != lingered || (!lingered && session.moved != moved) {
      table.touch(index, lingered: lingered, now: now)
    }
    if failure == nil, wanted > 0 { failure = watch(index, wanted) }
    if failure != nil || wanted == 0 { try close(index, failure) }
  }

  private mutating func watch(_ index: Int, _ wanted: UInt32) -> Failure? {
    let session = table.sessions[index]
    guard wanted != session.events else { return nil }
    table.sessions[index].events = wanted
    let operation = session.events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
    let result = System.control(epoll.number, operation, session.descriptor, wanted, token: UInt64(index))
    return result < 0 ? tell(index, .wait, failed: Cause(code: CInt(-result))) : nil
  }

  /// Ends a session; a failure that ends serving is thrown. What prints is the server's own: when that fails, it ends.
  mutating func close(_ index: Int, _ failure: Failure?) throws(Failure) {
    let session = table.sessions[index]
    let failure = isLeaving(failure) ? nil : failure
    let goesOn = serving.keepOpen && failure?.step != .output
    let told = goesOn ? failure : nil
    let peer = told != nil || observer?.wants(.close) == true ? peer(index) : nil
    // A child between fork(2) and exec(3) holds the socket too: closing alone would leave it in the set, under our index.
    if session.events != 0 { _ = System.control(epoll.number, EPOLL_CTL_DEL, session.descriptor, 0, token: 0) }
    _ = System.close(session.descriptor)
    if let peer {
      let duration = Duration.milliseconds(now - session.since)
      let traffic = Event.Traffic(received: session.received, sent: session.sent, duration: duration)
      observer?.tell(Event(.close, on: session.descriptor, endpoint: peer, failure: told, traffic: traffic))
    }
    counters.failed += failure == nil ? 0 : 1
    counters.received += session.received
    counters.sent += session.sent
    table.remove(index)
    if resume != nil { resume = now }  // there is a descriptor again
    if !goesOn, let failure { throw failure }
  }

  /// The end that chargen waits for.
  private func isLeaving(_ failure: Failure?) -> Bool {
    service == .chargen && (failure?.cause == .system(.brokenPipe) || failure?.cause == .system(.connectionReset))
  }

  // MARK: Telling

  /// The session's client, for who is told.
  private func peer(_ index: Int) -> Endpoint {
    let session = table.sessions[index]
    guard session.client.family == AF_UNIX else {
      return (try? session.client.address.endpoint(for: .accept)) ?? endpoint
    }
    var address = Address()
    guard System.peerAddress(session.descriptor, &address) >= 0 else { return endpoint }
    return (try? address.endpoint(for: .accept)) ?? endpoint
  }

  func tell(_ index: Int, _ step: Step, count: Int = 0) {
    guard let observer, observer.wants(step) else { return }
    Optional(observer).tell(step, on: table.sessions[index].descriptor, count: count, endpoint: peer(index))
  }

  func tell(_ index: Int, _ step: Step, failed cause: Cause) -> Failure {
    observer.tell(step, on: table.sessions[index].descriptor, failed: cause, endpoint: peer(index))
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
