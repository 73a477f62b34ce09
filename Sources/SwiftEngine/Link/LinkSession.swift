// A conversation: one client of a link and its service, waiting where it must.
internal import Glibc
internal import IPC
internal import SystemPackage

extension Host {
  /// Steps in a row that need no waiting, after which stops and notices have their turn.
  private static var busy: Int { 64 }

  /// One client, to its end, or until a stop ends serving.
  mutating func talk() throws(Failure) {
    var (length, ended) = (0, false)
    while !isStopped {
      let turn = Self.step(service, sent, input, length, ended: ended, &output)
      if turn.cut { _ = tell(.receive, failed: -Int(EMSGSIZE)) }
      if turn.prints { try print(turn.consumed) }
      try sendAll(turn)
      if isStopped { return }
      if turn.next == .end { return try halfClose() }
      input.replaceSubrange(0..<length - turn.consumed, with: Array(input[turn.consumed..<length]))
      length -= turn.consumed
      if !ended, turn.next == .input || service.isChargen {
        try receiveMore(&length, &ended, waits: turn.next == .input)
      }
    }
  }

  private static func step(
    _ service: Service, _ position: UInt64, _ input: [UInt8], _ length: Int, ended: Bool, _ output: inout [UInt8]
  ) -> ServiceResult {
    var span = output.mutableSpan
    return SwiftEngine.step(
      service, position: position, input: input.span.extracting(first: length), ended: ended, output: &span)
  }

  /// When the client, or all serving, is overdue.
  private var deadline: Deadline {
    let limit = serving.limits.idle.map { Int64($0.milliseconds) } ?? 0
    let next = min(limit > 0 ? active + limit : .max, drained ?? .max)
    return next == .max ? .never : Deadline(after: .milliseconds(next - System.now()))
  }

  /// Waits until the client is ready, or a stop ends serving.
  private mutating func waitUntil(_ events: Readiness) throws(Failure) {
    steps = 0
    while !isStopped {
      let result = link.wait(events, extra: others.number, until: deadline)
      if result == -Int(ETIMEDOUT), let drained, drained <= System.now() {
        isStopped = true
        return
      }
      if result < 0 { throw tell(result == -Int(ETIMEDOUT) ? .receive : .wait, failed: result) }
      let ready = Readiness(rawValue: CInt(result))
      if ready.contains(.extra) { lookAtOthers() }
      if !ready.isDisjoint(with: [.readable, .writable]) { return }
    }
  }

  /// Who is always ready must not keep stops from being seen.
  private mutating func lookAround() {
    steps += 1
    guard steps >= Self.busy else { return }
    steps = 0
    lookAtOthers()
    if let drained, drained <= System.now() { isStopped = true }
  }

  /// What the client moved; more than it may is an error.
  private mutating func note() throws(Failure) {
    active = System.now()
    if let limit = serving.limits.bytes, limit > 0, received + sent > limit {
      throw tell(.receive, failed: -Int(EFBIG))
    }
  }

  private func send(_ turn: ServiceResult, after count: Int) -> Int {
    turn.echoes
      ? link.sendSome(input.span.extracting(count..<turn.produced))
      : link.sendSome(output.span.extracting(count..<turn.produced))
  }

  private mutating func sendAll(_ turn: ServiceResult) throws(Failure) {
    var done = 0
    while done < turn.produced, !isStopped {
      let count = send(turn, after: done)
      if count == -Int(EAGAIN) {
        try waitUntil(.writable)
        continue
      }
      if count < 0 { throw tell(.send, failed: count) }
      tell(.send, count: count)
      done += count
      sent += UInt64(count)
      try note()
      lookAround()
    }
  }

  private func print(_ length: Int) throws(Failure) {
    let text = SwiftEngine.messageText(input.span.extracting(first: length))
    let number = serving.output.rawValue
    do {
      try SwiftEngine.write(serving.output, text.span)
    } catch {
      throw observer.notify(.output, on: number, failed: error.cause)
    }
    observer.notify(.output, on: number, count: text.count)
  }

  private mutating func receive(after length: Int) -> Int {
    let link = link
    var span = input.mutableSpan
    return link.receiveSome(&span, after: length)
  }

  /// Receives behind the input that was kept; `waits` until there is some.
  private mutating func receiveMore(_ length: inout Int, _ ended: inout Bool, waits: Bool) throws(Failure) {
    while !isStopped {
      let count = receive(after: length)
      if count == -Int(EAGAIN) {
        guard waits else { return }
        try waitUntil(.readable)
        continue
      }
      if count < 0 { throw tell(.receive, failed: count) }
      tell(.receive, count: count)
      length += count
      ended = count == 0
      received += UInt64(count)
      if count > 0 { try note() }
      return lookAround()
    }
  }

  private mutating func halfClose() throws(Failure) {
    while !isStopped {
      let result = link.halfCloseOnce()
      if result != -Int(EAGAIN) {
        if result < 0 { throw tell(.halfClose, failed: result) }
        return
      }
      try waitUntil(.writable)
    }
  }
}
