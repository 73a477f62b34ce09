import Testing

@testable import Programs

/// The limit of lines that differ in a client only, with a clock of the test.
struct RepeatLimiterTests {
  /// A limiter, and what it answers at seconds after the start.
  private struct Log {
    private let start = SuspendingClock.now
    private(set) var limiter: RepeatLimiter<String>

    init(limit: Int) { limiter = RepeatLimiter(limit: limit, time: .seconds(60)) }

    var due: Duration? { limiter.due.map { start.duration(to: $0) } }

    mutating func admits(_ kind: String, _ seconds: Int...) -> [Bool] {
      var answers: [Bool] = []
      for second in seconds { answers.append(limiter.admits(kind, at: start.advanced(by: .seconds(second)))) }
      return answers
    }

    mutating func counts(until second: Int?) -> [String] {
      limiter.takeCounts(until: second.map { start.advanced(by: .seconds($0)) }).map { "\($0.kind) \($0.count)" }
    }
  }

  @Test("Of each kind so many lines are admitted, and the others are counted once when the time is over")
  func counts() {
    var log = Log(limit: 3)
    let (first, other) = (log.admits("a", 0, 1, 2, 3, 4), log.admits("b", 10))
    #expect(first == [true, true, true, false, false] && other == [true])
    #expect(log.due == .seconds(60))
    let early = log.counts(until: 59)
    let last = log.admits("a", 59)
    #expect(early == [] && last == [false])
    let (counts, none) = (log.counts(until: 60), log.counts(until: 60))
    #expect(counts == ["a 3"] && none == [])
    #expect(log.due == nil)
  }

  @Test("After its time a kind is admitted again")
  func nextWindow() {
    var log = Log(limit: 1)
    let admitted = log.admits("a", 0, 59, 60, 119)
    #expect(admitted == [true, false, true, false])
    let counts = log.counts(until: 120)
    #expect(counts == ["a 1", "a 1"])
  }

  @Test("A kind without further lines has no count, and no count is due for it")
  func noCount() {
    var log = Log(limit: 2)
    let admitted = log.admits("a", 0, 1)
    #expect(admitted == [true, true])
    #expect(log.due == nil)
    let counts = log.counts(until: nil)
    #expect(counts == [])
  }

  @Test("At the end all counts are taken, in the order of the first lines")
  func end() {
    var log = Log(limit: 1)
    for second in 0..<3 { for kind in ["c", "a", "b"] { _ = log.admits(kind, second) } }
    let counts = log.counts(until: nil)
    #expect(counts == ["c 2", "a 2", "b 2"])
    let admitted = log.admits("c", 3)
    #expect(admitted == [true])
  }
}
