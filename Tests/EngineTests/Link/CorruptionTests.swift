// A third party overwrites the memory while both sides run.
internal import Crowd
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct CorruptionTests {
    /// A round is stopped after this many milliseconds.
    private static let roundMilliseconds = 10

    /// Each side ends in time, and no byte beyond the rings is written. The corrupting thread has its own mapping, like another
    /// process, so that the thread sanitizer does not report it.
    @Test("Corrupt shared memory causes an error or wrong bytes, and nothing worse", arguments: Sides.allCases)
    func corruption(_ sides: Sides) throws {
      let property = Property.ringCorruption
      var results: Set<String> = []
      for index in 0..<property.planned {
        let object = try SharedObject(sides, capacity: 4096, mappings: 2)
        let stop = Flag()
        let threads = try Ring.Side.allCases.map { side in
          try TestThread {
            Self.exchange(try? RingEnd(sides[side], object, side, spins: side == .first ? 50 : 0), stop)
          }
        }
        let corrupter = try TestThread { Self.corrupt(object[mapping: 1], Seed.generator(for: property, index), stop) }
        try TestSystem.pause(milliseconds: Self.roundMilliseconds)
        stop.raise()
        try corrupter.value()
        for thread in threads { results.insert(try thread.value()) }
      }
      let known: Set = ["no ring", "stopped", "EPROTO", "EPIPE", "ECONNRESET", "end"]
      #expect(results.isSubset(of: known), "DIPTYCH_SEED=\(Seed.value): \(results.subtracting(known))")
      #expect(results.contains("EPROTO"))
    }

    /// Tries each word with each value that could cause harm.
    @Test("Every word of a ring may have any value", arguments: EngineName.allCases)
    func everyWord(_ which: EngineName) throws {
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
            Issue.record("bytes beyond the rings were written, with \(value) at \(word)")
          }
        }
      }
    }

    @Test("A count that moves back or too far ahead is an error", arguments: EngineName.allCases)
    func impossibleCounts(_ which: EngineName) throws {
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
      object.memory[word: 260] = RingLayout.reset + 1
      expectFailure(.receive, .protocolError) { _ = try first.receive(atMost: 1) }
    }

    /// Sends and receives until the flag is raised or an error occurs, and returns the reason.
    private static func exchange(_ end: RingEnd?, _ stop: Flag) -> String {
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
        switch failure.cause {
        case .system(.protocolError): return "EPROTO"
        case .system(.brokenPipe): return "EPIPE"
        case .system(.connectionReset): return "ECONNRESET"
        default: return "\(failure)"
        }
      } catch {
        return "\(error)"
      }
    }

    private static func corrupt(_ memory: SharedMemory, _ random: SplitMix64, _ stop: Flag) {
      var random = random
      // Only a few words in some rounds, because the first important word ends the conversation.
      let most = random.pick([1, 3, RingStep.words.count])
      let words = (0..<most).map { _ in random.pick(RingStep.words) }
      let addsLittle = random.oneIn(2)
      while !stop.isRaised {
        for _ in 0..<random.number(1...most) {
          let word = random.oneIn(10) ? 4 * random.number(0...(memory.size / 4 - 1)) : random.pick(words)
          memory[word: word] &+= addsLittle ? UInt32(random.number(0...64)) : random.corruption()
        }
        for _ in 0..<random.number(0...20) { TestSystem.yield() }
      }
    }
  }
}
