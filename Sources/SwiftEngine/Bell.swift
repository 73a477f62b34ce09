// How the two sides of a ring wait for each other: a word to sleep on, and who wakes.
internal import Glibc
public import IPC

extension SwiftEngine {
  public static func wait(
    _ ring: inout Ring, for events: Readiness, timeout: Duration?
  ) throws(Failure) -> Readiness {
    let events = events.intersection([.readable, .writable])
    if events.isEmpty { try check(.wait, -Int(EINVAL)) }
    var come = ring.ready(for: events)
    var spin = ring.spins
    while come.isEmpty && spin > 0 {
      System.relax()
      come = ring.ready(for: events)
      spin &-= 1
    }
    if !come.isEmpty { return come }

    let bell = Word(ring.memory, bell: ring.side)
    let before = bell.set(events.asleep)
    come = ring.ready(for: events)
    var result = 0
    if come.isEmpty && before & events.woken == 0 {
      result = bell.doze(while: before | events.asleep, events.asleep, milliseconds: timeout?.milliseconds ?? -1)
    }
    bell.clear(events.asleep | events.woken)
    if come.isEmpty { come = ring.ready(for: events) }
    if come.isEmpty { try check(.wait, result) }
    return come
  }

  public static func wake(_ ring: borrowing Ring, for events: Readiness) throws(Failure) {
    let events = events.intersection([.readable, .writable])
    if events.isEmpty { try check(.wait, -Int(EINVAL)) }
    let bell = Word(ring.memory, bell: ring.side)
    _ = bell.set(events.woken)
    bell.wake(events.asleep)
  }
}

extension Ring {
  /// Bytes of room for which a writer is woken.
  var room: UInt32 { capacity / 2 }

  /// Those of the events that have come.
  fileprivate mutating func ready(for events: Readiness) -> Readiness {
    var come: Readiness = []
    if events.contains(.readable) {
      let finished = Word(memory, finished: side.other).load()
      if !lookIn() || finished != 0 || waiting > 0 { come.insert(.readable) }
    }
    if events.contains(.writable) {
      let closed = Word(memory, closed: side.other).load()
      if !lookOut() || closed != 0 || hasFinished || capacity &- used >= room { come.insert(.writable) }
    }
    return come
  }

  /// Wakes the other side if it sleeps until that event, after a count or an end was published.
  @inline(__always)
  func tell(_ event: Readiness) {
    let bell = Word(memory, bell: side.other)
    if bell.see(event.asleep) { wake(bell, event) }
  }

  /// Unless somebody else has meanwhile.
  private func wake(_ bell: Word, _ event: Readiness) {
    if bell.clear(event.asleep) & event.asleep != 0 { bell.wake(event.asleep) }
  }
}

extension Readiness {
  /// The bits of a bell: asleep until then, and to be woken.
  fileprivate var asleep: UInt32 { UInt32(bitPattern: rawValue) }
  fileprivate var woken: UInt32 { UInt32(bitPattern: rawValue) << 2 }
}
