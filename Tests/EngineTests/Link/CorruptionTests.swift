// A third party writes anything over the memory while both sides run.
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct CorruptionTests {
    /// Milliseconds that a round may take, before it is stopped.
    private static let round = 10

    /// All ends in an error or in bytes, in its time, and nothing is written beyond the rings. The scribbler has a mapping
    /// of its own, as a process would: the thread sanitizer does not see it.
    @Test(arguments: Sides.allCases)
    func garbageEndsInAnErrorOrInBytes(_ sides: Sides) throws {
      let property = Property.ringScribbles
      var told: Set<String> = []
      for index in 0..<property.planned {
        let object = try SharedObject(sides, capacity: 4096, mappings: 2)
        let stop = Flag()
        let workers = try Ring.Side.allCases.map { side in
          try Worker { Self.chatter(try? RingEnd(sides[side], object, side, spins: side == .first ? 50 : 0), stop) }
        }
        let scribbler = try Worker { Self.scribble(object[mapping: 1], Seed.generator(for: property, index), stop) }
        try Kernel.pause(milliseconds: Self.round)
        stop.raise()
        try scribbler.value()
        for worker in workers { told.insert(try worker.value()) }
      }
      let known: Set = ["no ring", "stopped", "EPROTO", "EPIPE", "end"]
      #expect(told.isSubset(of: known), "DIPTYCH_SEED=\(Seed.value): \(told.subtracting(known))")
      #expect(told.contains("EPROTO"))
    }

    /// Each word, and each value that might hurt, while a side waits for it or not: at once, in one thread.
    @Test(arguments: Which.allCases)
    func everyWordMayBeWrong(_ which: Which) throws {
      let sides = Sides(first: which, second: which)
      let hurtful: [UInt32] = [
        0, 1, 2, 3, 12, 15, 63, 64, 65, 127, 128, 4096, 1 << 31, .max, .max - 63, .max - 64,
      ]
      for word in stride(from: 0, to: RingLayout.end, by: 4) {
        let isUsed = word <= RingLayout.capacity || RingStep.words.contains(word)
        for value in isUsed ? hurtful : [.max] {
          let object = try SharedObject(sides, capacity: 64)
          let ends = try Ring.Side.allCases.map { try RingEnd(which, object, $0, spins: 0) }
          _ = try ends[0].send([1, 2, 3])
          object.memory[word: word] = value
          for end in ends {
            for _ in 1...3 {
              _ = outcome { try end.send([UInt8](repeating: 5, count: 40)) }
              _ = outcome { try end.wait(for: [.readable, .writable], .zero) }
              _ = outcome { try end.receive(atMost: 70) }
              _ = outcome { try end.wake(.readable) }
            }
          }
          let beyond = Array(object.memory.bytes.dropFirst(RingLayout.header + 128))
          if beyond != [UInt8](repeating: 0, count: beyond.count) {
            Issue.record("written beyond the rings: \(value) at \(word)")
          }
        }
      }
    }

    /// A count that goes back, or ahead by more than there is, at the next look.
    @Test(arguments: Which.allCases)
    func impossibleCountsAreErrors(_ which: Which) throws {
      let sides = Sides(first: which, second: which)
      for (word, change) in [(384, 65), (384, 0 &- 64), (512, 65), (512, 0 &- 64)] as [(Int, UInt32)] {
        let object = try SharedObject(sides, capacity: 64, start: 1000)
        let (first, second) = try object.ends(sides)
        _ = try first.send([UInt8](repeating: 1, count: 64))
        #expect(try second.receive(atMost: 30)?.count == 30)
        #expect(try first.send([1]) == 1)
        object.memory[word: word] &+= change
        if word == 384 {
          expectFailure(.receive, .protocolError) { _ = try second.receive(atMost: 100) }
          #expect(try second.wait(for: .readable, .zero) == .readable)
        } else {
          expectFailure(.send, .protocolError) { _ = try first.send([UInt8](repeating: 1, count: 40)) }
          #expect(try first.wait(for: .writable, .zero) == .writable)
        }
      }
      let object = try SharedObject(sides, capacity: 64)
      let (first, _) = try object.ends(sides)
      object.memory[word: 260] = 2
      expectFailure(.receive, .protocolError) { _ = try first.receive(atMost: 1) }
    }

    /// Sends and receives what it can, until it is stopped or there is an error.
    private static func chatter(_ end: RingEnd?, _ stop: Flag) -> String {
      guard let end else { return "no ring" }
      let bytes = [UInt8](repeating: 0xA5, count: 700)
      do {
        while !stop.isRaised {
          let sent = try end.send(bytes)
          let received = try end.receive(atMost: 600)
          if received == [] { return "end" }
          if sent == nil && received == nil { _ = try? end.wait(for: [.readable, .writable], .milliseconds(5)) }
        }
        return "stopped"
      } catch let failure as Failure {
        return failure.cause == .system(.protocolError)
          ? "EPROTO" : failure.cause == .system(.brokenPipe) ? "EPIPE" : "\(failure)"
      } catch {
        return "\(error)"
      }
    }

    private static func scribble(_ memory: SharedMemory, _ random: SplitMix64, _ stop: Flag) {
      var random = random
      // One word, some, or any, so that not all ends at once at the first that matters.
      let most = random.pick([1, 3, RingStep.words.count])
      let words = (0..<most).map { _ in random.pick(RingStep.words) }
      let isTame = random.oneIn(2)
      while !stop.isRaised {
        for _ in 0..<random.number(1...most) {
          let word = random.oneIn(10) ? 4 * random.number(0...(memory.size / 4 - 1)) : random.pick(words)
          memory[word: word] &+= isTame ? UInt32(random.number(0...64)) : random.scribble()
        }
        for _ in 0..<random.number(0...20) { Kernel.yield() }
      }
    }
  }
}
