import Testing

@testable import ParityKit

/// Long output of which each line varies.
@Suite struct BulkTests {
  /// Three thousand lines with a random number each, and perhaps another word in one of them.
  private static func runs(_ seed: Int, _ word: String = "ok") -> [Transcript] {
    var random = SeededRandom(seed: seed, number: 0)
    return (0..<7).map { _ in
      var run = Transcript()
      let lines = (0..<3_000).map { number in
        "line \(number): \(random.within(100_000...999_999)) \(number == 2_500 ? word : "ok")\n"
      }
      run.output = Array(lines.joined().utf8)
      return run
    }
  }

  private static func finding(_ left: [Transcript], _ right: [Transcript]) -> Finding {
    var used: Set<MaskRule> = []
    return ChannelComparison(left: left, right: right).finding(.output, &used)
  }

  @Test("Noise in thousands of places is listed up to a limit, and the rest is counted")
  func noise() throws {
    guard case .same(let masks) = Self.finding(Self.runs(1), Self.runs(2)) else {
      Issue.record("not the same")
      return
    }
    #expect(masks.count == Limits.masks + 1)
    #expect(masks.last?.note == "in \(3_000 - Limits.masks) more places")
  }

  @Test("A difference behind thousands of places with noise is found")
  func difference() throws {
    let difference = try #require(Self.finding(Self.runs(1), Self.runs(2, "CORRUPT")).difference)
    #expect(difference.left.first == "ok" && difference.right.first == "CORRUPT" && difference.others.isEmpty)
    #expect(difference.before.hasSuffix("line 2500: {number} "), "\(difference.before)")
  }
}
