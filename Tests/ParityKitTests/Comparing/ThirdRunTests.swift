import Testing

@testable import ParityKit

/// What an identical third run of the left side would add. It would call noise whatever that run shares with the right.
struct ThirdRunTests {
  /// One line for each run, chosen by the number of the run.
  private static func side(_ line: @escaping @Sendable (Int) -> String) -> NoiseModelTests.Side {
    { _, run in line(run) + "\n" }
  }

  private static func gaps(_ left: @escaping @Sendable (Int) -> String, _ right: @escaping @Sendable (Int) -> String)
    -> [Gap]
  { NoiseModelTests.judge(side(left), side(right), seed: 1).places.map(\.gap) }

  @Test("Where a third run of the left shows what the right shows, the confirming runs show it, too")
  func sharedValues() {
    let gaps = Self.gaps({ $0 % 3 == 2 ? "b" : "a" }, { $0 < 2 || $0 % 4 == 0 ? "b" : "a" })
    #expect(gaps.map(\.kind) == [.noise])
    #expect(gaps[0].left.prefix(2).map(\.shown) == ["a", "a"] && gaps[0].right.prefix(2).map(\.shown) == ["b", "b"])
  }

  @Test("Where a third run of the left would excuse a difference, the test of frequencies reports it")
  func frequencies() {
    let gaps = Self.gaps({ $0 % 3 == 2 ? "b" : "a" }, { _ in "b" })
    #expect(gaps.map(\.kind) == [.difference])
    // Both lines are equally uneven.
    let allowed = [
      "\"a\" in 11 of 16 left runs and 0 of 16 right runs", "\"b\" in 5 of 16 left runs and 16 of 16 right runs",
    ]
    #expect(allowed.contains(gaps.first?.frequency ?? ""), "\(gaps.first?.frequency ?? "")")
  }

  @Test("Sides that never share a value differ, however often they run")
  func fixedValues() {
    #expect(Self.gaps({ _ in "a" }, { _ in "b" }).map(\.kind) == [.difference])
  }
}
