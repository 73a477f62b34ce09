// How the two sides of a ring wait for each other: they poll its counts for a while, then sleep on a word of bits.
internal import Glibc
public import IPC

extension Ring {
  /// Returns the events of these that have happened.
  mutating func ready(for events: Readiness) -> Readiness {
    var ready: Readiness = []
    if events.contains(.readable) {
      let halfClosed = Word(memory, halfClosed: side.other).load()
      if !loadIn() || halfClosed != 0 || waiting > 0 { ready.insert(.readable) }
    }
    if events.contains(.writable) {
      let closed = Word(memory, closed: side.other).load()
      if !loadOut() || closed != 0 || isHalfClosed || capacity &- used >= room { ready.insert(.writable) }
    }
    return ready
  }

  /// The first part of a wait: polls as often as `spins` says. If there is input at the first poll, it came since the
  /// caller's last receive: the peer is writing right now, and each poll takes from it the cache line that it writes. A
  /// short pause lets it write some more messages.
  mutating func spin(for events: Readiness) -> Readiness {
    let pauses = 8
    var ready = ready(for: events)
    if ready == .readable && spins > 0 { for _ in 0..<pauses { System.relax() } }
    var left = spins
    while ready.isEmpty && left > 0 {
      System.relax()
      ready = self.ready(for: events)
      left &-= 1
    }
    return ready
  }

  /// The second part of a wait: sleeps once at most. Returns the events, 0 or ETIMEDOUT.
  mutating func sleep(for events: Readiness, milliseconds: CInt) -> Int {
    let waiters = Word(memory, waiters: side)
    let before = waiters.add(events.asleep)
    var ready = ready(for: events)
    var result = 0
    if ready.isEmpty && before & events.woken == 0 {
      result = waiters.wait(while: before | events.asleep, for: events.asleep, milliseconds: milliseconds)
    }
    waiters.remove(events.asleep | events.woken)
    if ready.isEmpty { ready = self.ready(for: events) }
    return ready.isEmpty ? result : Int(ready.rawValue)
  }
}

extension SwiftEngine {
  public static func wait(
    _ ring: inout Ring, for events: Readiness, timeout: Duration?
  ) throws(Failure) -> Readiness {
    let events = events.intersection([.readable, .writable])
    if events.isEmpty { try check(.wait, -Int(EINVAL)) }
    let ready = ring.spin(for: events)
    if !ready.isEmpty { return ready }
    return Readiness(
      rawValue: CInt(try check(.wait, ring.sleep(for: events, milliseconds: timeout?.milliseconds ?? -1))))
  }

  public static func wake(_ ring: borrowing Ring, for events: Readiness) throws(Failure) {
    let events = events.intersection([.readable, .writable])
    if events.isEmpty { try check(.wait, -Int(EINVAL)) }
    Ring.wake(ring.memory, ring.side, events)
  }
}

extension Ring {
  /// Makes a wait of that side for these events return, or its next one.
  static func wake(_ memory: SharedMemory, _ side: Side, _ events: Readiness) {
    let waiters = Word(memory, waiters: side)
    waiters.add(events.woken)
    waiters.wake(events.asleep)
  }
}

extension Readiness {
  /// As bits of a word of waiters.
  fileprivate var asleep: UInt32 { UInt32(bitPattern: rawValue) }
  fileprivate var woken: UInt32 { asleep << Waiters.wokenShift }
}
