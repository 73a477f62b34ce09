// Steps at a ring by chance, and what comes of them.
internal import IPC
internal import SystemPackage

/// What happens at a ring; `scribble` is what an honest side would not do.
enum RingStep {
  case send(Ring.Side, Int)
  case receive(Ring.Side, Int)
  case wait(Ring.Side, Readiness)
  case wake(Ring.Side, Readiness)
  case halfClose(Ring.Side)
  case scribble(Int, UInt32)

  /// What each step gave, and the words at the end.
  static func run(_ steps: [RingStep], _ sides: Sides, _ start: UInt32) throws -> [String] {
    let object = try SharedObject(sides, capacity: 64, start: start)
    let ends = [
      try RingEnd(sides.first, object, .first, spins: 1), try RingEnd(sides.second, object, .second, spins: 0),
    ]
    var said: [String] = []
    var next: UInt8 = 0
    for step in steps {
      do {
        switch step {
        case .send(let side, let count):
          let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) &+ next }
          let sent = try ends[Int(side.rawValue)].send(bytes)
          next &+= UInt8(truncatingIfNeeded: sent ?? 0)
          said.append("sent \(sent ?? -1)")
        case .receive(let side, let count):
          said.append("received \(try ends[Int(side.rawValue)].receive(atMost: count).map { "\($0)" } ?? "nothing")")
        case .wait(let side, let events):
          said.append("came \(try ends[Int(side.rawValue)].wait(for: events, .zero).rawValue)")
        case .wake(let side, let events): try ends[Int(side.rawValue)].wake(events)
        case .halfClose(let side): try ends[Int(side.rawValue)].halfClose()
        case .scribble(let offset, let value): object.memory[word: offset] &+= value
        }
      } catch let failure as Failure {
        said.append("\(failure)")
      }
    }
    said += stride(from: 0, to: RingLayout.end, by: 4).map { "\(object.memory[word: $0])" }
    return said
  }

  /// The words that change.
  static let words = [128, 132, 136, 256, 260, 264, 384, 512, 640, 768]
}

extension SplitMix64 {
  mutating func ringSteps() -> [RingStep] {
    let isHonest = oneIn(2)
    return (0..<number(1...40)).map { _ in
      let side = pick(Ring.Side.allCases)
      let events = Readiness(rawValue: Int32(number(1...3)))
      switch number(0...(isHonest ? 19 : 23)) {
      case 0..<8: return .send(side, number(0...(oneIn(4) ? 80 : 20)))
      case 8..<16: return .receive(side, number(0...(oneIn(4) ? 80 : 20)))
      case 16, 17: return .wait(side, events)
      case 18: return .wake(side, events)
      case 19: return oneIn(4) ? .halfClose(side) : .wait(side, events)
      default: return .scribble(pick(RingStep.words), scribble())
      }
    }
  }

  /// What to add to a word: little, what a ring holds, or anything.
  mutating func scribble() -> UInt32 {
    pick([1, 2, 4, 64, 65, 1 << 31, .max, .max - 63, .max - 64, UInt32(truncatingIfNeeded: next())])
  }
}
