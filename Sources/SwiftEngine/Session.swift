// A session: one client and its service, a step at a time, never waiting.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

/// How far a client has come. There may be ten thousand, so it holds no buffer: those are the loop's.
struct Session {
  /// -1 where the place is free.
  var descriptor: CInt = -1
  /// What it waits for.
  var events: UInt32 = 0
  /// In the list by time; of a free place only `after`.
  var before = Table.none
  var after = Table.none
  /// The next session whose address has the same hash.
  var chain = Table.none
  var client = Client()
  /// Input that waits for more, or a reply that waits for room.
  var kept: [UInt8] = []
  var received: UInt64 = 0
  var sent: UInt64 = 0
  /// When it was accepted, in milliseconds.
  var since: Int64 = 0
  /// When it last moved a byte, or began to linger.
  var active: Int64 = 0
  /// The client's end has come.
  var ended = false
  /// What is kept is a reply.
  var replies = false
  /// It ends once that reply is sent.
  var ending = false
  /// All is sent; what the client still sends is discarded.
  var lingers = false

  var moved: UInt64 { received &+ sent }
}

extension Loop {
  static let readable = UInt32(EPOLLIN.rawValue)
  static let writable = UInt32(EPOLLOUT.rawValue)

  /// One step of a session: what to wait for, or nothing at its end.
  mutating func takeStep(_ index: Int, ready: UInt32) throws(Failure) -> UInt32 {
    if table.sessions[index].lingers { return discard(index) }
    if table.sessions[index].replies { return try sendReply(index) }
    let length = try receiveMore(index, ready: ready)
    let session = table.sessions[index]
    let turn = Self.turn(service, session, input, length, &reply)
    if turn.cut { _ = tell(index, .receive, failed: .system(.messageTooLong)) }
    if turn.prints { try print(turn.consumed) }
    let sent = try sendTurn(index, turn)
    if sent < turn.produced {
      table.sessions[index].ending = turn.wish == .end
      if !makesAgain {
        table.sessions[index].kept = Array((turn.echoes ? input : reply)[sent..<turn.produced])
        table.sessions[index].replies = true
      }
      return service == .chargen && !session.ended ? Self.readable | Self.writable : Self.writable
    }
    if turn.wish == .end {
      table.sessions[index].kept = []
      return endWell(index)
    }
    if !session.kept.isEmpty || length > turn.consumed {
      table.sessions[index].kept = Array(input[turn.consumed..<length])
    }
    if turn.wish == .input { return Self.readable }
    return session.ended || service != .chargen ? Self.writable : Self.readable | Self.writable
  }

  private static func turn(
    _ service: Service, _ session: Session, _ input: [UInt8], _ length: Int, _ reply: inout [UInt8]
  ) -> Turn {
    var output = reply.mutableSpan
    return SwiftEngine.turn(
      service, position: session.sent, input: input.span.extracting(first: length), ended: session.ended,
      output: &output)
  }

  /// Where a reply depends on nothing but how much of it was sent, what found no room is made again.
  private var makesAgain: Bool {
    switch service {
    case .greeting, .chargen: true
    case .message, .echo, .discard: false
    }
  }

  /// Receives behind the input that was kept; the length of both.
  private mutating func receiveMore(_ index: Int, ready: UInt32) throws(Failure) -> Int {
    let length = table.sessions[index].kept.count
    if length > 0 { input.replaceSubrange(0..<length, with: table.sessions[index].kept) }
    if ready & ~Self.writable == 0 || table.sessions[index].ended { return length }
    let result = receive(index, after: length)
    guard result != -Int(EAGAIN) else { return length }
    if result < 0 { throw tell(index, .receive, failed: Cause(code: CInt(-result))) }
    tell(index, .receive, count: result)
    table.sessions[index].received += UInt64(result)
    table.sessions[index].ended = result == 0
    return length + result
  }

  private mutating func receive(_ index: Int, after length: Int) -> Int {
    let number = table.sessions[index].descriptor
    var span = input.mutableSpan
    return System.receive(number, &span, after: length)
  }

  private mutating func sendTurn(_ index: Int, _ turn: Turn) throws(Failure) -> Int {
    if turn.produced == 0 { return 0 }
    let result =
      turn.echoes
      ? Self.send(table.sessions[index].descriptor, input, turn.produced, more: turn.wish == .end)
      : Self.send(table.sessions[index].descriptor, reply, turn.produced, more: turn.wish == .end)
    return try noteSent(index, result)
  }

  /// Sends until there is no more room; the count, and the negated errno of what failed then.
  private static func send(_ number: CInt, _ bytes: [UInt8], _ length: Int, more: Bool) -> (sent: Int, error: Int) {
    var rest = bytes.span.extracting(first: length)
    while !rest.isEmpty {
      let result = System.send(number, rest, more ? Socket.noSignal | Socket.more : Socket.noSignal)
      if result < 0 { return (length - rest.count, result == -Int(EAGAIN) ? 0 : result) }
      rest = rest.extracting(droppingFirst: result)
    }
    return (length, 0)
  }

  /// What was sent before a failure counts, too.
  private mutating func noteSent(_ index: Int, _ result: (sent: Int, error: Int)) throws(Failure) -> Int {
    table.sessions[index].sent += UInt64(result.sent)
    if result.sent > 0 { tell(index, .send, count: result.sent) }
    if result.error < 0 { throw tell(index, .send, failed: Cause(code: CInt(-result.error))) }
    return result.sent
  }

  private mutating func sendReply(_ index: Int) throws(Failure) -> UInt32 {
    let session = table.sessions[index]
    let result = Self.send(session.descriptor, session.kept, session.kept.count, more: session.ending)
    let sent = try noteSent(index, result)
    table.sessions[index].kept.removeFirst(sent)
    guard sent == session.kept.count else { return Self.writable }
    table.sessions[index].kept = []
    table.sessions[index].replies = false
    return session.ending ? endWell(index) : Self.readable
  }

  private mutating func print(_ length: Int) throws(Failure) {
    let text = SwiftEngine.messageText(input.span.extracting(first: length))
    do {
      try SwiftEngine.write(serving.output, text.span)
    } catch {
      throw observer.tell(.output, on: serving.output.rawValue, failed: error.cause)
    }
    observer.tell(.output, on: serving.output.rawValue, count: text.count)
  }

  /// Ends a connection whose client may still be sending. Closing with input unread would be a reset, and could cost the
  /// client what was sent to it last: so end our direction, then discard the input, for `Limit.linger` at most (RFC 1122,
  /// section 4.2.2.13). A Unix client that sends later still would be reset: there the other direction ends too, and it
  /// gets EPIPE.
  private mutating func endWell(_ index: Int) -> UInt32 {
    let how = if case .tcp = endpoint { SHUT_WR } else { SHUT_RDWR }
    let session = table.sessions[index]
    if session.ended || System.shutdown(session.descriptor, CInt(how)) < 0 { return 0 }
    return discard(index)
  }

  /// Whether the client's kernel has not yet got all that was sent: a reset would cost it that.
  private func isUnderWay(_ index: Int) -> Bool {
    guard case .tcp = endpoint else { return false }
    return System.unsent(table.sessions[index].descriptor) > 0
  }

  private mutating func discard(_ index: Int) -> UInt32 {
    let result = receive(index, after: 0)
    if result > 0 || (result == -Int(EAGAIN) && isUnderWay(index)) { table.sessions[index].lingers = true }
    return result > 0 || (result == -Int(EAGAIN) && table.sessions[index].lingers) ? Self.readable : 0
  }
}
