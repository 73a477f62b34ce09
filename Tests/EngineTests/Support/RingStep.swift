// Random steps at a ring, and their results.
internal import Crowd
internal import IPC
internal import SystemPackage

/// One step at a ring. `corrupt` adds to a word of the memory, as no correct side does.
enum RingStep {
  case send(Ring.Side, Int)
  case receive(Ring.Side, Int)
  case wait(Ring.Side, Readiness)
  case wake(Ring.Side, Readiness)
  case halfClose(Ring.Side)
  case corrupt(Int, UInt32)

  /// Returns the result of each step, and the words of the memory at the end.
  static func run(_ steps: [RingStep], _ sides: Sides, _ start: UInt32) throws -> [String] {
    let object = try SharedObject(sides, capacity: 64, start: start)
    let ends = [
      try RingEnd(sides.first, object, .first, spins: 1), try RingEnd(sides.second, object, .second, spins: 0),
    ]
    var results: [String] = []
    var next: UInt8 = 0
    for step in steps {
      do {
        switch step {
        case .send(let side, let count):
          let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) &+ next }
          let sent = try ends[Int(side.rawValue)].send(bytes)
          next &+= UInt8(truncatingIfNeeded: sent ?? 0)
          results.append("sent \(sent ?? -1)")
        case .receive(let side, let count):
          results.append("received \(try ends[Int(side.rawValue)].receive(atMost: count).map { "\($0)" } ?? "nothing")")
        case .wait(let side, let events):
          results.append("ready \(try ends[Int(side.rawValue)].wait(for: events, .zero).rawValue)")
        case .wake(let side, let events): try ends[Int(side.rawValue)].wake(events)
        case .halfClose(let side): try ends[Int(side.rawValue)].halfClose()
        case .corrupt(let offset, let value): object.memory[word: offset] &+= value
        }
      } catch let failure as Failure {
        results.append("\(failure)")
      }
    }
    results += stride(from: 0, to: RingLayout.end, by: 4).map { "\(object.memory[word: $0])" }
    return results
  }

  /// The offsets of the words that the sides change.
  static let words = [128, 132, 136, 256, 260, 264, 384, 512, 640, 768]
}

extension SplitMix64 {
  mutating func ringSteps() -> [RingStep] {
    let isCorrect = oneIn(2)
    return (0..<number(1...40)).map { _ in
      let side = pick(Ring.Side.allCases)
      let events = Readiness(rawValue: Int32(number(1...3)))
      switch number(0...(isCorrect ? 19 : 23)) {
      case 0..<8: return .send(side, number(0...(oneIn(4) ? 80 : 20)))
      case 8..<16: return .receive(side, number(0...(oneIn(4) ? 80 : 20)))
      case 16, 17: return .wait(side, events)
      case 18: return .wake(side, events)
      case 19: return oneIn(4) ? .halfClose(side) : .wait(side, events)
      default: return .corrupt(pick(RingStep.words), corruption())
      }
    }
  }

  /// A value to add to a word: small, near the capacity of a ring, or random.
  mutating func corruption() -> UInt32 {
    pick([1, 2, 4, 64, 65, 1 << 31, .max, .max - 63, .max - 64, UInt32(truncatingIfNeeded: next())])
  }
}
