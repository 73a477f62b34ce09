// The threads of a ring's sides sleep on words of bits, and wake each other.
internal import CFaults
internal import IPC
internal import Synchronization
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct FutexTests {
    @Test("A thread that may run on one processor only does not spin", arguments: EngineName.allCases)
    func spins(_ which: EngineName) throws {
      let object = try SharedObject(Sides(first: which, second: which), capacity: 64)
      let worker = try TestThread {
        try #require(processors_pin_to_one() == 0)
        return try which.engine.openRing(object.memory, as: .first).spins
      }
      #expect(try worker.value() == 0)
      let expected = processors_count() > 1 ? Limit.ringSpins : 0
      #expect(try which.engine.openRing(object.memory, as: .first).spins == expected)
    }

    // MARK: Sleeping

    @Test("A wait ends with a timeout", arguments: EngineName.allCases)
    func timeout(_ which: EngineName) throws {
      let sides = Sides(first: which, second: which)
      let object = try SharedObject(sides, capacity: 64)
      for spins in [0, 10] as [UInt32] {
        let end = try RingEnd(which, object, .first, spins: spins)
        for (timeout, least) in [
          (Duration.zero, 0), (.milliseconds(-5), 0), (.microseconds(1), 0), (.milliseconds(30), 30),
          (.milliseconds(spins == 0 ? 1010 : 10), spins == 0 ? 1010 : 10),
        ] {
          let start = ContinuousClock.now
          expectFailure(.wait, .timedOut) { _ = try end.wait(for: .readable, timeout) }
          #expect(ContinuousClock.now - start >= .milliseconds(least))
        }
      }
      #expect(object.memory[word: RingLayout.waiters] == 0, "no waiter is left")
    }

    @Test("A sleeper shows its events in its side's word, and clears them when it is awake", arguments: Sides.allCases)
    func waiters(_ sides: Sides) throws {
      for events in [Readiness.readable, .writable, [.readable, .writable]] {
        let object = try SharedObject(sides, capacity: 64)
        let (first, second) = try object.ends(sides)
        _ = try first.send([UInt8](repeating: 0, count: 64))
        let sleeper = try TestThread {
          try RingEnd(sides.first, object, .first, spins: 0).wait(for: events, .seconds(timeoutSeconds))
        }
        try object.awaitSleeper(.first)
        #expect(object.memory[word: RingLayout.waiters] == UInt32(events.rawValue))
        try second.close()
        let happened = try sleeper.value()  // a close publishes two words, and the first may wake it
        #expect(!happened.isEmpty && happened.isSubset(of: events))
        #expect(object.memory[word: RingLayout.waiters] == 0)
      }
    }

    // MARK: Waking

    /// Without spinning, so that the side really sleeps.
    @Test("Every action of the other side wakes a sleeping side", arguments: Sides.allCases)
    func wakeByOtherSide(_ sides: Sides) throws {
      typealias Action = @Sendable (RingEnd) throws -> Void
      let actions: [(Readiness, Action)] = [
        (.readable, { _ = try $0.send([1]) }), (.readable, { try $0.halfClose() }), (.readable, { try $0.close() }),
        (.writable, { _ = try $0.receive(atMost: 32) }), (.writable, { try $0.close() }),
      ]
      for (events, action) in actions {
        let object = try SharedObject(sides, capacity: 64)
        let (first, second) = try object.ends(sides)
        _ = try first.send([UInt8](repeating: 0, count: 64))
        let sleeper = try TestThread {
          try RingEnd(sides.first, object, .first, spins: 0).wait(for: events, .seconds(timeoutSeconds))
        }
        try object.awaitSleeper(.first)
        try action(second)
        #expect(try sleeper.value() == events)
      }
    }

    @Test("A thread can wake its own side", arguments: EngineName.allCases)
    func wakeBySameSide(_ which: EngineName) throws {
      let sides = Sides(first: which, second: which)
      let object = try SharedObject(sides, capacity: 64)
      let (end, _) = try object.ends(sides)
      let sleeper = try TestThread {
        try RingEnd(which, object, .first, spins: 0).wait(for: .readable, .seconds(timeoutSeconds))
      }
      try object.awaitSleeper(.first)
      try end.wake(.readable)
      #expect(try sleeper.value() == [])
    }

    @Test("A sleeper stays asleep when it is woken for another event", arguments: Sides.allCases)
    func anotherEvent(_ sides: Sides) throws {
      let object = try SharedObject(sides, capacity: 64)
      let (first, second) = try object.ends(sides)
      _ = try first.send([UInt8](repeating: 0, count: 64))
      let hasReturned = Flag()
      let sleeper = try TestThread {
        let end = try RingEnd(sides.first, object, .first, spins: 0)
        var events: Readiness = []  // a wait may return early without an event
        while events.isEmpty { events = try end.wait(for: .readable, .seconds(timeoutSeconds)) }
        hasReturned.raise()
        return events
      }
      try object.awaitSleeper(.first)
      try first.wake(.writable)
      _ = try second.receive(atMost: 64)
      try TestSystem.pause(milliseconds: 50)
      #expect(!hasReturned.isRaised)
      _ = try second.send([1])
      #expect(try sleeper.value() == .readable)
    }
  }
}

extension SharedObject {
  /// Waits until the side has registered as a waiter, which it does just before it sleeps.
  func awaitSleeper(_ side: Ring.Side) throws {
    let deadline = ContinuousClock.now + .seconds(timeoutSeconds)
    while memory[word: RingLayout.waiters + Int(side.rawValue) * RingLayout.line] & 3 == 0 {
      if ContinuousClock.now > deadline { throw TimeoutError("waiting for a sleeper") }
      TestSystem.yield()
    }
  }
}
