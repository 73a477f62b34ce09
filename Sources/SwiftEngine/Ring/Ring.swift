// Two rings of bytes, one for each direction, in memory that two processes share: prepare, open, receive and send,
// half-close, close. RingWait.swift has how the sides wait for each other. Results are integers, as in System/: a
// message takes some tens of nanoseconds.
internal import Glibc
public import IPC

extension Ring {
  static func isCapacity(_ capacity: Int) -> Bool {
    Limit.ring.contains(capacity) && capacity & (capacity - 1) == 0
  }
}

extension SwiftEngine {
  public static func ringSize(capacity: Int) throws(Failure) -> Int {
    try check(.create, Ring.isCapacity(capacity) ? RingLayout.header + 2 * capacity : -Int(EINVAL))
  }

  public static func prepareRing(_ memory: SharedMemory, capacity: Int) throws(Failure) {
    if memory.size < (try ringSize(capacity: capacity)) { try check(.create, -Int(EINVAL)) }
    System.write(RingHeader(capacity: UInt32(capacity)), to: memory)
  }

  public static func openRing(_ memory: SharedMemory, as side: Ring.Side) throws(Failure) -> Ring {
    if memory.size < RingLayout.end { try check(.create, -Int(EPROTO)) }
    let header = System.header(of: memory)
    let capacity = Int(header.capacity)
    if !header.isOurs || !Ring.isCapacity(capacity) || memory.size < RingLayout.header + 2 * capacity {
      try check(.create, -Int(EPROTO))
    }
    let ring = Ring(
      memory, capacity: header.capacity, side: side, sent: Word(memory, written: side).load(),
      taken: Word(memory, read: side).load(), received: Word(memory, read: side.other).load(),
      filled: Word(memory, written: side.other).load(), isHalfClosed: Word(memory, halfClosed: side).load() != 0,
      spins: Word.spins())
    if ring.used > ring.capacity || ring.waiting > ring.capacity { try check(.create, -Int(EPROTO)) }
    return ring
  }
}

extension Ring {
  /// Bytes that the other side has not read, as far as this side knows.
  var used: UInt32 { sent &- taken }
  /// Bytes that this side has not read, as far as it knows.
  var waiting: UInt32 { filled &- received }
  /// Bytes of room at which a sleeping writer is woken.
  var room: UInt32 { capacity / 2 }

  /// The start of the ring that `side` writes.
  private func data(of side: Side) -> Int { RingLayout.header + Int(side.rawValue) * Int(capacity) }

  private func pieces(from position: UInt32, _ count: Int) -> RingPieces {
    let start = position & (capacity &- 1)
    let first = min(count, Int(capacity &- start))
    return RingPieces(start: Int(start), first: first, rest: count &- first)
  }

  /// Reads how much the other side has written; false if it is more than the ring holds, or less than before.
  mutating func loadIn() -> Bool {
    let filled = Word(memory, written: side.other).load()
    let waiting = filled &- received
    if waiting > capacity || waiting < self.waiting { return false }
    self.filled = filled
    return true
  }

  /// Reads how much the other side has received; false if it is more than this side sent, or less than before.
  mutating func loadOut() -> Bool {
    let taken = Word(memory, read: side).load()
    if sent &- taken > used { return false }
    self.taken = taken
    return true
  }

  /// Returns 0 at the end; or the bytes that came before the end was seen. Errors: EAGAIN, ECONNRESET, EPROTO.
  private mutating func receiveWhenEmpty() -> Int {
    let halfClosed = Word(memory, halfClosed: side.other).load()
    if halfClosed == 0 { return -Int(EAGAIN) }
    // The peer wrote its last bytes before it half-closed.
    guard halfClosed == 1 || halfClosed == RingLayout.reset, loadIn() else { return -Int(EPROTO) }
    return waiting == 0 && halfClosed == RingLayout.reset ? -Int(ECONNRESET) : Int(waiting)
  }

  @inline(__always)
  mutating func receive(into buffer: inout MutableSpan<UInt8>, after held: Int = 0) -> Int {
    let size = buffer.count &- held
    var count = Int(waiting)
    if count < size {
      if !loadIn() { return -Int(EPROTO) }
      count = Int(waiting)
      if count == 0 {
        count = receiveWhenEmpty()
        if count <= 0 { return count }
      }
    }
    count = min(count, size)
    if count == 0 { return 0 }
    System.copy(memory, from: data(of: side.other), to: &buffer, after: held, pieces(from: received, count))
    received &+= UInt32(truncatingIfNeeded: count)
    Word(memory, read: side.other).publish(received)
    // `filled` is at most what the peer has written, so this room is at least what the peer sees.
    if capacity &- waiting >= room { notifyPeer(Waiters.writable) }
    return count
  }

  @inline(__always)
  private func notifyPeer(_ event: UInt32) { Word(memory, waiters: side.other).notify(event) }

  @inline(__always)
  mutating func send(_ bytes: Span<UInt8>) -> Int {
    if isHalfClosed || Word(memory, closed: side.other).load() != 0 { return -Int(EPIPE) }
    var room = Int(capacity &- used)
    if room < bytes.count {
      if !loadOut() { return -Int(EPROTO) }
      room = Int(capacity &- used)
      if room == 0 { return -Int(EAGAIN) }
    }
    let count = min(room, bytes.count)
    if count == 0 { return 0 }
    System.copy(bytes, to: memory, at: data(of: side), pieces(from: sent, count))
    sent &+= UInt32(truncatingIfNeeded: count)
    Word(memory, written: side).publish(sent)
    notifyPeer(Waiters.readable)
    return count
  }

  /// Ends the sending direction with the value of `half_closed` that says how.
  private mutating func endSending(_ how: UInt32) {
    isHalfClosed = true
    Word(memory, halfClosed: side).publish(how)
    notifyPeer(Waiters.readable)
  }

  private func endReceiving() {
    Word(memory, closed: side).publish(1)
    notifyPeer(Waiters.writable)
  }

  mutating func halfClose() { endSending(1) }

  mutating func close() {
    endReceiving()
    endSending(1)
  }

  /// As `close`, but this side has failed: the peer's receive throws ECONNRESET after all bytes.
  mutating func reset() {
    endReceiving()
    endSending(RingLayout.reset)
  }
}

extension SwiftEngine {
  public static func receive(_ ring: inout Ring, into buffer: inout MutableSpan<UInt8>) throws(Failure) -> Int? {
    try ready(.receive, ring.receive(into: &buffer))
  }

  public static func send(_ ring: inout Ring, _ bytes: Span<UInt8>) throws(Failure) -> Int? {
    try ready(.send, ring.send(bytes))
  }

  public static func halfClose(_ ring: inout Ring) throws(Failure) { ring.halfClose() }

  public static func close(_ ring: consuming Ring) throws(Failure) {
    ring.close()
  }
}

extension Ring.Side {
  var other: Ring.Side { self == .first ? .second : .first }
}

extension Word {
  @inline(__always)
  init(_ memory: SharedMemory, waiters side: Ring.Side) {
    self.init(memory, at: RingLayout.waiters + Int(side.rawValue) * RingLayout.line)
  }

  @inline(__always)
  init(_ memory: SharedMemory, halfClosed side: Ring.Side) {
    self.init(memory, at: RingLayout.halfClosed + Int(side.rawValue) * RingLayout.line)
  }

  @inline(__always)
  init(_ memory: SharedMemory, closed side: Ring.Side) {
    self.init(memory, at: RingLayout.closed + Int(side.rawValue) * RingLayout.line)
  }

  @inline(__always)
  init(_ memory: SharedMemory, written side: Ring.Side) {
    self.init(memory, at: RingLayout.written + Int(side.rawValue) * 2 * RingLayout.line)
  }

  @inline(__always)
  init(_ memory: SharedMemory, read side: Ring.Side) {
    self.init(memory, at: RingLayout.read + Int(side.rawValue) * 2 * RingLayout.line)
  }
}
