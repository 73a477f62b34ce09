import ParityKit
import Synchronization
import Testing

/// A scenario is shrunk as long as a condition holds.
struct ShrinkTests {
  private func shrunk(
    _ steps: [Step], trying width: Int = 1, while holds: @escaping @Sendable ([Step]) -> Bool
  ) async -> [Step] {
    await Scenario("s", steps: steps).shrunk(trying: width) { holds($0.steps) }.steps
  }

  @Test("Steps that are not needed are dropped")
  func droppedSteps() async {
    for number in 1...20 {
      let steps = Scenario.fuzzed(seed: 1, number: number).steps
      #expect(await shrunk(steps) { _ in true } == [])
      let needed: [Step] = [.connect("a"), .signal(.hangup)]
      #expect(
        await shrunk([.connect("a")] + steps + [.signal(.hangup)]) {
          $0.starts(with: needed.prefix(1)) && $0.last == needed[1]
        } == needed)
    }
  }

  @Test("The size of a payload shrinks to the limit", arguments: [4097, 5000, 65_537])
  func sizes(times: Int) async {
    let steps: [Step] = [.connect("a"), .send("a", Payload(.text("xy\n"), times: times)), .close("a")]
    let least = await shrunk(steps) { steps in
      steps.contains { if case .send(_, let payload, _) = $0 { payload.count > 4096 } else { false } }
    }
    #expect(least == [.send("a", Payload(.text("a"), times: 4097))])
  }

  @Test("A payload shrinks to the byte that matters")
  func singleByte() async {
    let bytes = (0...255).map { UInt8($0) }
    let least = await shrunk([.send("a", Payload(.bytes(bytes + bytes)), Pieces(.at([3, 9]), pause: 9, urgent: true))])
    {
      $0.contains { if case .send(_, let payload, _) = $0 { payload.source.contains(0xC3) } else { false } }
    }
    #expect(least == [.send("a", Payload(.bytes([0xC3])))])
  }

  @Test("Peers are merged and renamed")
  func peers() async {
    let steps: [Step] = [
      .connect("c", Manner(window: 1, reads: false)), .connect("b"), .send("c", "x"), .send("b", "y"),
    ]
    let least = await shrunk(steps) { steps in
      let sends = steps.count { if case .send = $0 { true } else { false } }
      let connects = steps.count { if case .connect = $0 { true } else { false } }
      return sends == 2 && connects == 1
    }
    #expect(least == [.connect("a"), .send("a", ""), .send("a", "")])
  }

  @Test("Repetitions are unrolled")
  func repetitions() async {
    let steps: [Step] = [.repeated(times: 50, [.connect("a"), .settle(milliseconds: 20), .close("a")])]
    let least = await shrunk(steps) { steps in
      let flat = steps.flatMap { step -> [Step] in
        if case .repeated(let times, let inner) = step {
          Array(repeatElement(inner, count: times).joined())
        } else {
          [step]
        }
      }
      return flat.count { if case .connect = $0 { true } else { false } } >= 3
    }
    #expect(least == [.connect("a"), .connect("a"), .connect("a")])
  }

  @Test("The result does not depend on the number of parallel trials")
  func parallelTrials() async {
    for number in 1...12 {
      let steps = Scenario.fuzzed(seed: 4, number: number).steps
      let holds: @Sendable ([Step]) -> Bool = { steps in
        steps.count { if case .send = $0 { true } else { false } } * 7 % 5 == 2 || steps.contains(.settle())
      }
      let first = await shrunk(steps, while: holds)
      #expect(await shrunk(steps, trying: 5, while: holds) == first)
    }
  }

  @Test("The number of trials is bounded")
  func trialLimit() async {
    let count = Mutex(0)
    let steps = (1...300).map { Step.settle(milliseconds: $0) }
    _ = await shrunk(steps) { steps in
      count.withLock { $0 += 1 }
      return steps.count >= 299
    }
    #expect(count.withLock { $0 } <= Limits.shrinkTrials)
  }
}

extension Payload.Source {
  fileprivate func contains(_ byte: UInt8) -> Bool {
    switch self {
    case .text(let text), .template(let text): text.utf8.contains(byte)
    case .bytes(let bytes): bytes.contains(byte)
    case .file: false
    }
  }
}
