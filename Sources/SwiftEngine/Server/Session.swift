// A session: one client and its service, a step at a time, without ever waiting. Results of calls stay integers here,
// as in System/: a step takes some hundreds of nanoseconds.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

/// There may be ten thousand of them, so a session has no buffer of its own: the sessions of a loop share two.
struct Session: ~Copyable {
  static let none = UInt32.max  // the end of a list
  /// How far a session has come.
  enum Phase {
    case serving  // receives, and lets the service answer; `kept` is input that waits for more
    case printing  // `kept` is a line that waits for the server's output, and the last reply
    case replying  // `kept` is a reply; the session goes on after it
    case ending  // `kept` is the last reply; the session ends after it
    case lingering  // all is sent; the session discards what the client still sends
  }

  static let readable = UInt32(EPOLLIN.rawValue)
  static let writable = UInt32(EPOLLOUT.rawValue)

  var descriptor: CInt = -1  // if this slot of the table is free
  var events: UInt32 = 0  // of epoll(7), that it waits for
  var before = Self.none  // neighbours in the list by time, see `active`; a free slot has only `after`
  var after = Self.none
  var older = Self.none  // neighbours in the list by time of acceptance, until the session lingers
  var newer = Self.none
  var chain = Self.none  // the next session whose address has the same hash
  var client = ClientAddress()
  var kept = Bytes()  // see the phases
  var lineLength: UInt32 = 0  // of the line in `kept`
  var line: UInt64 = 0  // the number of that line, see Output.print
  var received: UInt64 = 0
  var sent: UInt64 = 0
  var since: Int64 = 0  // when the session was accepted, in milliseconds
  var active: Int64 = 0  // when it last moved a byte, or joined its list
  var phase = Phase.serving
  var list = Group.served  // that it is in
  var hasEnded = false  // the client has sent its end
  var listener: UInt8 = 0  // the index of the listener that accepted the client
  var moved: UInt64 { received &+ sent }
}

extension Session {
  /// The client's endpoint, for events and failures; its listener's if the client has none.
  func peer(_ shared: borrowing SessionShared) -> Endpoint {
    (try? client.endpoint(on: descriptor)) ?? shared.endpoints[Int(listener)]
  }

  /// Notifies the observer of a step that is done.
  @inline(__always)
  func notify(_ step: Step, count: Int = 0, _ shared: borrowing SessionShared) {
    if shared.wants(step) { notifyWanted(step, count, shared) }
  }

  @inline(never)
  private func notifyWanted(_ step: Step, _ count: Int, _ shared: borrowing SessionShared) {
    shared.observer.notify(step, on: descriptor, count: count, endpoint: peer(shared))
  }

  /// Notifies the observer of a step that failed. Returns the failure to throw.
  func notify(_ step: Step, failed cause: Cause, _ shared: borrowing SessionShared) -> Failure {
    shared.observer.notify(step, on: descriptor, failed: cause, endpoint: peer(shared))
  }

  /// Avoids a release when nothing is kept.
  private mutating func forget() { if kept.hasPages { kept = Bytes() } }

  /// Keeps bytes until the next step: a part of a message, or a reply that found no room. At most one buffer's.
  private mutating func keep(
    _ range: Range<Int>, of bytes: borrowing Bytes, after text: [UInt8] = [], _ shared: borrowing SessionShared
  ) throws(Failure) {
    do { try kept.replace(with: bytes, range, after: text) } catch { throw notify(.receive, failed: error, shared) }
  }

  /// Sends until the socket has no more room; returns how many bytes, and the negated errno of what failed then.
  private static func sendSome(_ number: CInt, _ bytes: Span<UInt8>, more: Bool) -> (sent: Int, error: Int) {
    var rest = bytes
    while !rest.isEmpty {
      let result = System.send(number, rest, more ? SocketFlags.noSignal | SocketFlags.more : SocketFlags.noSignal)
      if result < 0 { return (bytes.count - rest.count, System.wouldBlock(result) ? 0 : result) }
      rest = rest.extracting(droppingFirst: result)
    }
    return (bytes.count, 0)
  }

  /// Counts what was sent; bytes sent before a failure count, too.
  @inline(__always)
  private mutating func countSent(
    _ result: (sent: Int, error: Int), _ shared: borrowing SessionShared
  ) throws(Failure) -> Int {
    sent += UInt64(result.sent)
    if result.sent > 0 { notify(.send, count: result.sent, shared) }
    if result.error < 0 { throw notify(.send, failed: Cause(code: CInt(-result.error)), shared) }
    return result.sent
  }

  /// Whether the client's kernel may lack some of the bytes that were sent: a reset would discard them. A server of one
  /// client has time to linger anyway, and then does the same in each run.
  private func hasUnacknowledged(_ shared: borrowing SessionShared) -> Bool {
    if client.family == AF_UNIX { return false }
    return !shared.keepsOpen || System.unsent(descriptor) > 0
  }

  private mutating func discard(_ shared: inout SessionShared) -> UInt32 {
    let number = descriptor
    let result = shared.input.withMutableSpan { System.receive(number, &$0) }
    if result > 0 || (System.wouldBlock(result) && hasUnacknowledged(shared)) { phase = .lingering }
    return result > 0 || (System.wouldBlock(result) && phase == .lingering) ? Self.readable : 0
  }

  /// Ends a connection whose client may still be sending. Closing a socket with unread input sends a reset, which could
  /// discard the last bytes on their way to the client. So this half-closes, then discards the input, for
  /// `Limit.linger` at most (RFC 1122, section 4.2.2.13). On a Unix socket both directions are shut down: a client that
  /// sends later gets EPIPE instead of a reset.
  private mutating func closeGracefully(_ shared: inout SessionShared) -> UInt32 {
    let how = client.family == AF_UNIX ? SHUT_RDWR : SHUT_WR
    if hasEnded || System.shutdown(descriptor, CInt(how)) < 0 { return 0 }
    return discard(&shared)
  }

  private mutating func sendReply(_ shared: inout SessionShared) throws(Failure) -> UInt32 {
    let (number, ends) = (descriptor, phase == .ending)
    let sent = try countSent(kept.withSpan { Self.sendSome(number, $0, more: ends) }, shared)
    kept.removeFirst(sent)
    guard kept.isEmpty else { return Self.writable }
    forget()
    phase = .serving
    return ends ? closeGracefully(&shared) : Self.readable
  }

  /// Prints the line that was kept, and then replies. The server's output may take no more: only this session waits.
  private mutating func print(_ shared: inout SessionShared) throws(Failure) -> UInt32 {
    let (length, number) = (Int(lineLength), shared.output.number)
    do {
      guard try shared.output.print(kept.array(first: length), &line) else { return Self.writable }
    } catch {
      throw shared.observer.notify(.output, on: number, failed: error.cause)
    }
    shared.observer.notify(.output, on: number, count: length)
    kept.removeFirst(length)
    phase = .ending
    return try sendReply(&shared)
  }

  /// Keeps the line of a message and the reply to it, which is the last one, and prints the line.
  private mutating func printResult(_ result: ServiceResult, _ shared: inout SessionShared) throws(Failure) -> UInt32 {
    let text = shared.input.withSpan { SwiftEngine.messageText($0.extracting(first: result.consumed)) }
    try keep(0..<result.produced, of: shared.reply, after: text, shared)
    lineLength = UInt32(text.count)
    phase = .printing
    return try print(&shared)
  }

  /// Receives behind the input that was kept; returns the length of both. Bytes beyond the limit stay unread: so the
  /// close is a reset over a Unix socket, too.
  @inline(__always)
  private mutating func receiveMore(ready: UInt32, _ shared: inout SessionShared) throws(Failure) -> Int {
    let (number, length) = (descriptor, kept.count)
    if length > 0 { kept.copy(to: &shared.input) }
    if ready & ~Self.writable == 0 || hasEnded { return length }
    let most = SwiftEngine.inputRoom(shared.service, shared.limits.room(moved: moved), capacity: Limit.buffer - length)
    if most == 0, System.unread(descriptor) > 0 { throw notify(.receive, failed: .system(.fileTooLarge), shared) }
    let result = shared.input.withMutableSpan { System.receive(number, &$0, after: length, most: max(most, 1)) }
    guard !System.wouldBlock(result) else { return length }
    if most == 0, result > 0 { throw notify(.receive, failed: .system(.fileTooLarge), shared) }
    if result < 0 { throw notify(.receive, failed: Cause(code: CInt(-result)), shared) }
    notify(.receive, count: result, shared)
    received += UInt64(result)
    hasEnded = result == 0
    return length + result
  }

  /// Only chargen sends whether or not there is input, and so must see the client's end while it sends.
  private func sendingEvents(_ shared: borrowing SessionShared) -> UInt32 {
    shared.service.isChargen && !hasEnded ? Self.readable | Self.writable : Self.writable
  }

  /// Sends the reply of a step; returns whether all of it was sent.
  @inline(__always)
  private mutating func sendResult(
    _ result: ServiceResult, _ shared: borrowing SessionShared
  ) throws(Failure) -> Bool {
    if result.produced == 0 { return true }
    let (number, ends) = (descriptor, result.next == .end)
    let sent = try countSent(
      result.echoes
        ? shared.input.withSpan { Self.sendSome(number, $0.extracting(first: result.produced), more: ends) }
        : shared.reply.withSpan { Self.sendSome(number, $0.extracting(first: result.produced), more: ends) }, shared)
    if sent == result.produced { return true }
    if shared.service.isReproducible { return false }  // unsent bytes are generated again instead of kept
    phase = ends ? .ending : .replying
    let unsent = sent..<result.produced
    if result.echoes { try keep(unsent, of: shared.input, shared) } else { try keep(unsent, of: shared.reply, shared) }
    return false
  }

  @inline(__always)
  private func stepService(
    _ service: Service, _ input: borrowing Bytes, _ length: Int, _ reply: inout Bytes
  ) -> ServiceResult {
    input.withSpan(and: &reply) {
      SwiftEngine.step(service, position: sent, input: $0.extracting(first: length), ended: hasEnded, output: &$1)
    }
  }

  @inline(__always)
  private mutating func serve(ready: UInt32, _ shared: inout SessionShared) throws(Failure) -> UInt32 {
    let length = try receiveMore(ready: ready, &shared)
    let left = shared.limits.room(moved: moved)
    var result = stepService(shared.service, shared.input, length, &shared.reply)
    result.fit(shared.service, left)
    let exceeds = result.lacksRoom(left, ignored: length - result.consumed)
    if result.cut { _ = notify(.receive, failed: .system(.messageTooLong), shared) }
    if exceeds, result.prints { throw notify(.receive, failed: .system(.fileTooLarge), shared) }
    if result.prints { return try printResult(result, &shared) }
    if try !sendResult(result, shared) { return sendingEvents(shared) }
    if exceeds { throw notify(.receive, failed: .system(.fileTooLarge), shared) }
    if result.next == .end {
      forget()
      return closeGracefully(&shared)
    }
    if length > result.consumed {
      try keep(result.consumed..<length, of: shared.input, shared)
    } else {
      forget()
    }
    return result.next == .input ? Self.readable : sendingEvents(shared)
  }

  /// Whether its client lacks a part of what the service sends, or has sent bytes that the service has not answered.
  func isUnfinished(_ shared: borrowing SessionShared) -> Bool {
    if phase != .serving { return phase != .lingering }
    // A greeting that is serving lacks a part: it ends with its last byte. Chargen never ends by itself.
    return !kept.isEmpty || shared.service.isReproducible || System.unread(descriptor) > 0
  }

  /// One step; `ready` is what epoll(7) reported. Returns the events to wait for, or 0 at the session's end. In
  /// `.printing` the events are those of the server's output.
  mutating func step(ready: UInt32, _ shared: inout SessionShared) throws(Failure) -> UInt32 {
    switch phase {
    case .lingering: discard(&shared)
    case .printing: try print(&shared)
    case .replying, .ending: try sendReply(&shared)
    case .serving: try serve(ready: ready, &shared)
    }
  }
}
