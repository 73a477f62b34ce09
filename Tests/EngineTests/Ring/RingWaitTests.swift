// Waiting at a ring, in one thread and in two.
internal import Crowd
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct RingWaitTests {
    // MARK: One thread

    @Test("A wait returns the events that are ready", arguments: Sides.allCases)
    func readiness(_ sides: Sides) throws {
      let object = try SharedObject(sides, capacity: 64)
      let (first, second) = try object.ends(sides)
      let both: Readiness = [.readable, .writable]
      #expect(try first.wait(for: both) == .writable)
      _ = try first.send([UInt8](repeating: 0, count: 33))
      expectFailure(.wait, .timedOut) { _ = try first.wait(for: both, .zero) }
      #expect(try second.wait(for: both) == both)
      _ = try second.receive(atMost: 1)
      #expect(try first.wait(for: both) == .writable, "half of the ring is free")
      try first.halfClose()
      _ = try second.receive(atMost: 100)
      #expect(try second.wait(for: .readable) == .readable, "the end of the stream")
      try second.close()
      #expect(try first.wait(for: both) == both)
      for none in [[], Readiness(rawValue: 4)] as [Readiness] {
        expectFailure(.wait, .invalidArgument) { _ = try first.wait(for: none) }
        expectFailure(.wait, .invalidArgument) { try first.wake(none) }
      }
    }

    @Test("A wake before the wait ends one wait for its events", arguments: EngineName.allCases)
    func earlyWake(_ which: EngineName) throws {
      let sides = Sides(first: which, second: which)
      let object = try SharedObject(sides, capacity: 64)
      let (end, _) = try object.ends(sides)
      try end.wake(.writable)
      expectFailure(.wait, .timedOut) { _ = try end.wait(for: .readable, .zero) }
      try end.wake(.readable)
      #expect(try end.wait(for: .readable, nil) == [])
      expectFailure(.wait, .timedOut) { _ = try end.wait(for: .readable, .zero) }
    }

    // MARK: Two threads

    /// A lost wake would cost the whole timeout. With few spins, so that the sides still sleep, and without any.
    @Test("Messages go to and fro, and no wake is lost", arguments: Sides.allCases, [30, 0] as [UInt32])
    func pingPong(_ sides: Sides, spins: UInt32) throws {
      let count = 13_000 * Seed.factor
      let object = try SharedObject(sides, capacity: 64, start: .max - 100_000)
      let answerer = try TestThread {
        let end = try RingEnd(sides.second, object, .second, spins: spins)
        for _ in 0..<count { try end.sendAll(end.receiveAll(3)) }
      }
      let end = try RingEnd(sides.first, object, .first, spins: spins)
      var wrong = 0
      for number in 0..<count {
        let message = [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8), 1]
        try end.sendAll(message)
        if try end.receiveAll(3) != message { wrong += 1 }
      }
      try answerer.value()
      #expect(wrong == 0)
    }

    /// Each side has a sending and a receiving thread. The ring is small, so that they sleep often; the sizes are random.
    @Test("Streams go both ways at once", arguments: Sides.allCases, [30, 0] as [UInt32])
    func streams(_ sides: Sides, spins: UInt32) throws {
      let messages = 5_000 * Seed.factor
      let seed = Seed.value
      let object = try SharedObject(sides, capacity: 256, start: .max - 1000)
      let threads = try Ring.Side.allCases.flatMap { side in
        [
          try TestThread {
            let end = try RingEnd(sides[side], object, side, spins: spins)
            var random = SplitMix64(seed: seed)
            var next: UInt8 = 0
            for _ in 0..<messages {
              let bytes = (0..<random.number(1...120)).map { next &+ UInt8($0) }
              next &+= UInt8(bytes.count)
              try end.sendAll(bytes)
            }
            try end.halfClose()
            return true
          },
          try TestThread {
            let end = try RingEnd(sides[side], object, side, spins: spins)
            var random = SplitMix64(seed: seed &+ 1)
            var next: UInt8 = 0
            while true {
              guard let bytes = try end.receive(atMost: random.number(1...150)) else {
                _ = try end.wait(for: .readable)
                continue
              }
              if bytes.isEmpty { break }
              for byte in bytes {
                if byte != next { return false }
                next &+= 1
              }
            }
            var sizes = SplitMix64(seed: seed)
            var sum: UInt8 = 0
            for _ in 0..<messages { sum &+= UInt8(sizes.number(1...120)) }
            return next == sum
          },
        ]
      }
      for thread in threads { #expect(try thread.value(), "DIPTYCH_SEED=\(seed)") }
    }
  }
}
