// A ring of bytes a direction in memory that two processes share: prepare, open, receive and send, finish, close. How the
// sides wait for each other stands in Bell.swift.
internal import Glibc
public import IPC

/// What the memory starts with: `struct ipc_ring_header` as far as nobody changes it.
struct RingHeader: BitwiseCopyable {
  var magic = RingLayout.magicNumber
  var version = RingLayout.versionNumber
  var size = UInt32(RingLayout.header)
  var capacity: UInt32

  var isOurs: Bool {
    magic == RingLayout.magicNumber && version == RingLayout.versionNumber && size == RingLayout.header
  }
}

/// Bytes of a ring that are copied in one piece, and then from its start.
struct Pieces {
  let start: Int
  let first: Int
  let rest: Int
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
      filled: Word(memory, written: side.other).load(), isHalfClosed: Word(memory, finished: side).load() != 0,
      spins: System.processors() > 1 ? Limit.ringSpins : 0)
    if ring.used > ring.capacity || ring.waiting > ring.capacity { try check(.create, -Int(EPROTO)) }
    return ring
  }

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

extension Ring {
  static func isCapacity(_ capacity: Int) -> Bool {
    Limit.ring.contains(capacity) && capacity & (capacity - 1) == 0
  }

  /// Bytes that the other side has not yet read, and that this one has not, as far as was seen.
  var used: UInt32 { sent &- taken }
  var waiting: UInt32 { filled &- received }

  /// The ring that `side` writes.
  private func data(of side: Side) -> Int { RingLayout.header + Int(side.rawValue) * Int(capacity) }

  private func pieces(from position: UInt32, _ count: Int) -> Pieces {
    let start = position & (capacity &- 1)
    let first = min(count, Int(capacity &- start))
    return Pieces(start: Int(start), first: first, rest: count &- first)
  }

  /// Sees how much the other side has written; false where that can't be: more than the ring holds, or back.
  mutating func lookIn() -> Bool {
    let filled = Word(memory, written: side.other).load()
    let waiting = filled &- received
    if waiting > capacity || waiting < self.waiting { return false }
    self.filled = filled
    return true
  }

  /// Sees how much it has read; false where that can't be: beyond what was sent, or back.
  mutating func lookOut() -> Bool {
    let taken = Word(memory, read: side).load()
    if sent &- taken > used { return false }
    self.taken = taken
    return true
  }

  /// There is nothing to receive: at the end, or not yet.
  private mutating func nothing() -> Int {
    let finished = Word(memory, finished: side.other).load()
    if finished == 0 { return -Int(EAGAIN) }
    // The last bytes were written before the end was told.
    return finished == 1 && lookIn() ? Int(waiting) : -Int(EPROTO)
  }

  @inline(__always)
  mutating func receive(into buffer: inout MutableSpan<UInt8>, after held: Int = 0) -> Int {
    let size = buffer.count &- held
    var count = Int(waiting)
    if count < size {
      if !lookIn() { return -Int(EPROTO) }
      count = Int(waiting)
      if count == 0 {
        count = nothing()
        if count <= 0 { return count }
      }
    }
    count = min(count, size)
    if count == 0 { return 0 }
    System.copy(memory, from: data(of: side.other), to: &buffer, after: held, pieces(from: received, count))
    received &+= UInt32(truncatingIfNeeded: count)
    Word(memory, read: side.other).publish(received)
    // What was seen is at most what was written, so the room is at least what the writer sees.
    if capacity &- waiting >= room { tell(Bell.writable) }
    return count
  }

  @inline(__always)
  mutating func send(_ bytes: Span<UInt8>) -> Int {
    if isHalfClosed || Word(memory, closed: side.other).load() != 0 { return -Int(EPIPE) }
    var room = Int(capacity &- used)
    if room < bytes.count {
      if !lookOut() { return -Int(EPROTO) }
      room = Int(capacity &- used)
      if room == 0 { return -Int(EAGAIN) }
    }
    let count = min(room, bytes.count)
    if count == 0 { return 0 }
    System.copy(bytes, to: memory, at: data(of: side), pieces(from: sent, count))
    sent &+= UInt32(truncatingIfNeeded: count)
    Word(memory, written: side).publish(sent)
    tell(Bell.readable)
    return count
  }

  mutating func halfClose() {
    isHalfClosed = true
    Word(memory, finished: side).publish(1)
    tell(Bell.readable)
  }

  mutating func close() {
    Word(memory, closed: side).publish(1)
    tell(Bell.writable)
    halfClose()
  }
}

extension Ring.Side {
  var other: Ring.Side { self == .first ? .second : .first }
}

extension Word {
  @inline(__always)
  init(_ memory: SharedMemory, bell side: Ring.Side) {
    self.init(memory, at: RingLayout.waiters + Int(side.rawValue) * RingLayout.line)
  }

  @inline(__always)
  init(_ memory: SharedMemory, finished side: Ring.Side) {
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
