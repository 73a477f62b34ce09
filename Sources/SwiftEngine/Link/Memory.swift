// Shared memory: one object, which is its own lobby, with a ring a direction.
internal import Glibc
internal import IPC

final class MemoryEnd: LinkEnd {
  let name: [UInt8]
  /// Bytes of each ring.
  var capacity = 0
  var mapping: Mapping?
  /// Of the conversation.
  let ring = HeldRing()
  /// The other end was found dead.
  var isGone = false
  /// The turn of the last client: its hello stands there until the next.
  private var last: UInt64 = 0
  private var lookout: Lookout?

  init(_ endpoint: Endpoint, name: [UInt8], serves: Bool) {
    self.name = name
    super.init(endpoint, serves: serves)
  }

  deinit { closeAtLast() }

  var side: Ring.Side { serves ? .first : .second }

  override func dropMore() {
    lookAway()
    ring.drop()
    mapping = nil
  }

  // MARK: The server

  override func listen(_ sizes: LinkSizes) -> Int {
    capacity = sizes.ring
    var result = makeObject()
    if result < 0 { return result }
    watch = take(&result) { Hold.watch(lobby) }
    if result >= 0 { result = map() }
    if result < 0 { remove() }
    return result
  }

  /// Answers a hello. Nobody else is at the rings then: the last client has given up its turn, and the next waits for its
  /// welcome. Errors: EAGAIN (there is none, or it is gone).
  private func welcome() -> Int {
    let word = word(servers: false)
    let number = word >> 3
    guard word & 7 == PipeState.hello.rawValue, number != last, Hold.hasTurn(lobby, number) else { return -Int(EAGAIN) }
    let result = begin()
    if result < 0 { return result == -Int(EPROTO) ? -Int(EAGAIN) : result }  // somebody writes there: it is tried again
    (turn, last) = (number, number)
    return tell(.welcome)
  }

  override func accept(extra: CInt, until deadline: Deadline) -> Int {
    while true {
      Hold.clear(watch)
      var result = welcome()
      if result != -Int(EAGAIN) { return result }
      result = pause(extra: extra, until: deadline)
      if result < 0 { return result }
    }
  }

  override func remove() { if Hold.hasName(lobby) { _ = System.unlinkObject(name) } }

  // MARK: The client

  override func connect(waits: Bool, until deadline: Deadline) -> Int {
    var result = findObject()
    if result < 0 { return result }
    result = greet(waits: waits, until: deadline)
    if result == 0 { result = begin() }
    return result == -Int(EPROTO) ? -Int(LocalError.kind.rawValue) : result
  }

  // MARK: Both

  override func receive(_ buffer: inout MutableSpan<UInt8>, after taken: Int) -> Int {
    let count = ring.receive(into: &buffer, after: taken)
    hasEnded = count == 0 && buffer.count > taken
    if count == -Int(EAGAIN), isGone { return -Int(EOWNERDEAD) }
    return count == -Int(EPROTO) ? -Int(EBADMSG) : count
  }

  override func send(_ bytes: Span<UInt8>) -> Int {
    let count = ring.send(bytes)
    if count == -Int(EAGAIN), isGone { return serves ? -Int(EOWNERDEAD) : -Int(EPIPE) }
    return count == -Int(EPROTO) ? -Int(EBADMSG) : count
  }

  override func halfClose() -> Int {
    isHalfClosed = true
    guard ring.isHeld else { return -Int(ENOTCONN) }
    ring.halfClose()
    return 0
  }

  override func leave() -> Int {
    lookAway()
    ring.close()
    ring.drop()
    return 0
  }

  override func spin(_ events: Readiness) -> Readiness {
    isGone ? [] : ring.spin(for: events)
  }

  /// Sleeps at the ring, no longer than `Limit.life` at a time: nothing there tells that the other end has died, its lock
  /// does.
  override func waitAtRings(_ events: Readiness, extra: CInt, until deadline: Deadline, hasSpun: Bool) -> Int? {
    guard ring.isHeld, let mapping else { return nil }
    var hasSpun = hasSpun
    while !isGone {
      var seen = extra < 0 ? 0 : Lookout.see(&lookout, mapping, side, extra, stays: false)
      if seen < 0 { return seen }
      var come = ring.ready(for: events)
      if come.isEmpty, seen == 0, !hasSpun { come = ring.spin(for: events) }
      hasSpun = false
      if come.isEmpty, seen == 0, extra >= 0 {
        seen = Lookout.see(&lookout, mapping, side, extra, stays: true)
        if seen < 0 { return seen }
      }
      if seen > 0 { come.insert(.extra) }
      if !come.isEmpty { return Int(come.rawValue) }
      let result = ring.sleep(for: events, milliseconds: slice(deadline).remaining)
      if result > 0 || (result < 0 && result != -Int(ETIMEDOUT)) { return result }
      if result < 0 { isGone = !lives }  // else the lookout has woken it, or somebody without a reason
      if !isGone, deadline.isPast { return -Int(ETIMEDOUT) }
    }
    return Int(events.rawValue)
  }

  override func lookAway() {
    lookout?.end()
    lookout = nil
  }
}
