import Testing

@testable import ParityKit

/// Lines that threads print at the same time.
@Suite struct LineOrderTests {
  /// A run that prints these lines, with a number that varies.
  private static func run(_ lines: [String], _ number: Int) -> Transcript {
    var run = Transcript()
    run.output = Array(lines.map { "\(number + 10) \($0)\n" }.joined().utf8)
    return run
  }

  private static func finding(_ left: [[String]], _ right: [[String]]) -> Finding {
    var used: Set<MaskRule> = []
    let sides = [left, right].map { zip($0, 0...).map { run($0, $1) } }
    return ChannelComparison(left: sides[0], right: sides[1]).finding(.output, &used)
  }

  private static let usual = ["GET /", "400 bad request", "closed"]
  private static let other = ["400 bad request", "GET /", "closed"]

  private static func runs(_ others: Int, _ lines: [String] = other) -> [[String]] {
    Array(repeating: lines, count: others) + Array(repeating: usual, count: 16 - others)
  }

  @Test("Another order of the same lines in 2 of 16 runs is noise, which the report names")
  func rare() {
    let finding = Self.finding(Self.runs(2), Self.runs(0))
    guard case .same(let masks) = finding else {
      Issue.record("\(finding)")
      return
    }
    #expect(masks.contains { $0.name == "{order}" && $0.note == "the order of its lines" })
  }

  @Test("Another order in each run of a side is a difference, and another line in 2 of 16 runs is no noise")
  func others() {
    #expect(Self.finding(Self.runs(16), Self.runs(0)).verdict == .different)
    #expect(Self.finding(Self.runs(2, ["GET /", "500 crashed", "closed"]), Self.runs(0)).verdict == .varies)
  }
}
