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

/// What the sessions of a loop share. Apart from the table of sessions, so that a session can be changed where it stands.
struct Shared: ~Copyable {
  let endpoint: Endpoint
  let service: Service
  let output: FileDescriptor
  let keepsOpen: Bool
  let observer: Observer?
  /// The observer's.
  private let steps: UInt32
  var input = [UInt8](repeating: 0, count: Limit.buffer)
  var reply = [UInt8](repeating: 0, count: Limit.buffer)

  init(endpoint: Endpoint, service: Service, _ serving: ServeOptions, _ observer: Observer?) {
    (self.endpoint, self.service, self.observer) = (endpoint, service, observer)
    (output, keepsOpen) = (serving.output, serving.keepOpen)
    steps = observer?.steps ?? 0
  }

  func wants(_ step: Step) -> Bool { steps >> UInt32(step.rawValue) & 1 != 0 }
}

extension Session {
  static let readable = UInt32(EPOLLIN.rawValue)
  static let writable = UInt32(EPOLLOUT.rawValue)

  /// One step: what to wait for, or nothing at its end.
  mutating func step(ready: UInt32, _ shared: inout Shared) throws(Failure) -> UInt32 {
    if lingers { return discard(&shared) }
    if replies { return try sendReply(&shared) }
    let length = try receiveMore(ready: ready, &shared)
    let turn = turn(shared.service, shared.input, length, &shared.reply)
    if turn.cut { _ = tell(.receive, failed: .system(.messageTooLong), shared) }
    if turn.prints { try print(turn.consumed, shared) }
    let sent = try sendTurn(turn, shared)
    if sent < turn.produced {
      ending = turn.next == .end
      if !shared.service.makesAgain {
        kept = Array((turn.echoes ? shared.input : shared.reply)[sent..<turn.produced])
        replies = true
      }
      return shared.service.isChargen && !ended ? Self.readable | Self.writable : Self.writable
    }
    if turn.next == .end {
      forget()
      return endWell(&shared)
    }
    if !kept.isEmpty || length > turn.consumed { kept = Array(shared.input[turn.consumed..<length]) }
    if turn.next == .input { return Self.readable }
    return ended || !shared.service.isChargen ? Self.writable : Self.readable | Self.writable
  }

  @inline(__always)
  private func turn(_ service: Service, _ input: [UInt8], _ length: Int, _ reply: inout [UInt8]) -> ServiceResult {
    var output = reply.mutableSpan
    return SwiftEngine.step(
      service, position: sent, input: input.span.extracting(first: length), ended: ended, output: &output)
  }

  /// Of nothing, nothing is released.
  private mutating func forget() { if !kept.isEmpty { kept = [] } }

  /// Receives behind the input that was kept; the length of both.
  @inline(__always)
  private mutating func receiveMore(ready: UInt32, _ shared: inout Shared) throws(Failure) -> Int {
    let length = kept.count
    if length > 0 { shared.input.replaceSubrange(0..<length, with: kept) }
    if ready & ~Self.writable == 0 || ended { return length }
    let result = receive(after: length, &shared)
    guard result != -Int(EAGAIN) else { return length }
    if result < 0 { throw tell(.receive, failed: Cause(code: CInt(-result)), shared) }
    tell(.receive, count: result, shared)
    received += UInt64(result)
    ended = result == 0
    return length + result
  }

  @inline(__always)
  private func receive(after length: Int, _ shared: inout Shared) -> Int {
    var span = shared.input.mutableSpan
    return System.receive(descriptor, &span, after: length)
  }

  @inline(__always)
  private mutating func sendTurn(_ turn: ServiceResult, _ shared: borrowing Shared) throws(Failure) -> Int {
    if turn.produced == 0 { return 0 }
    let result =
      turn.echoes
      ? Self.send(descriptor, shared.input, turn.produced, more: turn.next == .end)
      : Self.send(descriptor, shared.reply, turn.produced, more: turn.next == .end)
    return try noteSent(result, shared)
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
  @inline(__always)
  private mutating func noteSent(
    _ result: (sent: Int, error: Int), _ shared: borrowing Shared
  ) throws(Failure) -> Int {
    sent += UInt64(result.sent)
    if result.sent > 0 { tell(.send, count: result.sent, shared) }
    if result.error < 0 { throw tell(.send, failed: Cause(code: CInt(-result.error)), shared) }
    return result.sent
  }

  private mutating func sendReply(_ shared: inout Shared) throws(Failure) -> UInt32 {
    let sent = try noteSent(Self.send(descriptor, kept, kept.count, more: ending), shared)
    kept.removeFirst(sent)
    guard kept.isEmpty else { return Self.writable }
    kept = []
    replies = false
    return ending ? endWell(&shared) : Self.readable
  }

  private func print(_ length: Int, _ shared: borrowing Shared) throws(Failure) {
    let text = SwiftEngine.messageText(shared.input.span.extracting(first: length))
    let number = shared.output.rawValue
    do {
      try SwiftEngine.write(shared.output, text.span)
    } catch {
      throw shared.observer.notify(.output, on: number, failed: error.cause)
    }
    shared.observer.notify(.output, on: number, count: text.count)
  }

  /// Ends a connection whose client may still be sending. Closing with input unread would be a reset, and could cost the
  /// client what was sent to it last: so end our direction, then discard the input, for `Limit.linger` at most (RFC 1122,
  /// section 4.2.2.13). A Unix client that sends later still would be reset: there the other direction ends too, and it
  /// gets EPIPE.
  private mutating func endWell(_ shared: inout Shared) -> UInt32 {
    let how = if case .tcp = shared.endpoint { SHUT_WR } else { SHUT_RDWR }
    if ended || System.shutdown(descriptor, CInt(how)) < 0 { return 0 }
    return discard(&shared)
  }

  /// Whether the client's kernel may not yet have got all that was sent: a reset would cost it that. A server of one
  /// client need not hurry, and does the same each time.
  private func isUnderWay(_ shared: borrowing Shared) -> Bool {
    guard case .tcp = shared.endpoint else { return false }
    return !shared.keepsOpen || System.unsent(descriptor) > 0
  }

  private mutating func discard(_ shared: inout Shared) -> UInt32 {
    let result = receive(after: 0, &shared)
    if result > 0 || (result == -Int(EAGAIN) && isUnderWay(shared)) { lingers = true }
    return result > 0 || (result == -Int(EAGAIN) && lingers) ? Self.readable : 0
  }

  // MARK: Telling

  /// The client, for who is told.
  func peer(_ shared: borrowing Shared) -> Endpoint {
    (try? client.endpoint(on: descriptor)) ?? shared.endpoint
  }

  @inline(__always)
  func tell(_ step: Step, count: Int = 0, _ shared: borrowing Shared) {
    if shared.wants(step) { tellWanted(step, count, shared) }
  }

  @inline(never)
  private func tellWanted(_ step: Step, _ count: Int, _ shared: borrowing Shared) {
    shared.observer.notify(step, on: descriptor, count: count, endpoint: peer(shared))
  }

  func tell(_ step: Step, failed cause: Cause, _ shared: borrowing Shared) -> Failure {
    shared.observer.notify(step, on: descriptor, failed: cause, endpoint: peer(shared))
  }
}

extension Service {
  /// Where a reply depends on nothing but how much of it was sent, what found no room is made again.
  fileprivate var makesAgain: Bool {
    switch self {
    case .greeting, .chargen: true
    case .message, .echo, .discard: false
    }
  }

  var isChargen: Bool { if case .chargen = self { true } else { false } }
}
