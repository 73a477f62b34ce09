// How the two sides of a ring wait for each other: a word to sleep on, and who wakes.
internal import Glibc
public import IPC

/// The bits of a bell: a side sleeps until then; further to the left, a wait for it is to return at once.
enum Bell {
  static let readable: UInt32 = 1
  static let writable: UInt32 = 2
  static let wokenShift: UInt32 = 2

  /// Lets a wait of that side return, or the next.
  static func wake(_ memory: SharedMemory, _ side: Ring.Side, _ events: Readiness) {
    let bell = Word(memory, bell: side)
    _ = bell.set(events.woken)
    bell.wake(events.asleep)
  }
}

extension SwiftEngine {
  public static func wait(
    _ ring: inout Ring, for events: Readiness, timeout: Duration?
  ) throws(Failure) -> Readiness {
    let events = events.intersection([.readable, .writable])
    if events.isEmpty { try check(.wait, -Int(EINVAL)) }
    let come = ring.spin(for: events)
    if !come.isEmpty { return come }
    return Readiness(
      rawValue: CInt(try check(.wait, ring.sleep(for: events, milliseconds: timeout?.milliseconds ?? -1))))
  }

  public static func wake(_ ring: borrowing Ring, for events: Readiness) throws(Failure) {
    let events = events.intersection([.readable, .writable])
    if events.isEmpty { try check(.wait, -Int(EINVAL)) }
    Bell.wake(ring.memory, ring.side, events)
  }
}

extension Ring {
  /// Bytes of room for which a writer is woken.
  var room: UInt32 { capacity / 2 }

  /// Those of the events that have come.
  mutating func ready(for events: Readiness) -> Readiness {
    var come: Readiness = []
    if events.contains(.readable) {
      let finished = Word(memory, finished: side.other).load()
      if !lookIn() || finished != 0 || waiting > 0 { come.insert(.readable) }
    }
    if events.contains(.writable) {
      let closed = Word(memory, closed: side.other).load()
      if !lookOut() || closed != 0 || isHalfClosed || capacity &- used >= room { come.insert(.writable) }
    }
    return come
  }

  /// Looks as often as `spins` says. What is there at the first look came since the caller's: the other side is writing
  /// right now, and each look takes from it the line that it writes. It is left to write a few messages more.
  mutating func spin(for events: Readiness) -> Readiness {
    let few = 8
    var come = ready(for: events)
    if come == .readable && spins > 0 { for _ in 0..<few { System.relax() } }
    var left = spins
    while come.isEmpty && left > 0 {
      System.relax()
      come = ready(for: events)
      left &-= 1
    }
    return come
  }

  /// Sleeps once; what has come, or ETIMEDOUT.
  mutating func sleep(for events: Readiness, milliseconds: CInt) -> Int {
    let bell = Word(memory, bell: side)
    let before = bell.set(events.asleep)
    var come = ready(for: events)
    var result = 0
    if come.isEmpty && before & events.woken == 0 {
      result = bell.doze(while: before | events.asleep, events.asleep, milliseconds: milliseconds)
    }
    bell.clear(events.asleep | events.woken)
    if come.isEmpty { come = ready(for: events) }
    return come.isEmpty ? result : Int(come.rawValue)
  }

  /// Wakes the other side if it sleeps until that event, after a count or an end was published.
  @inline(__always)
  func tell(_ event: UInt32) {
    let bell = Word(memory, bell: side.other)
    if bell.see(event) { wake(bell, event) }
  }

  /// Unless somebody else has meanwhile.
  @inline(never)
  private func wake(_ bell: Word, _ event: UInt32) {
    if bell.clear(event) & event != 0 { bell.wake(event) }
  }
}

extension Readiness {
  /// As bits of a bell.
  fileprivate var asleep: UInt32 { UInt32(bitPattern: rawValue) }
  fileprivate var woken: UInt32 { asleep << Bell.wokenShift }
}
