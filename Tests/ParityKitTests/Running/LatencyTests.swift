import Testing

@testable import ParityKit

/// The channel `time`: without programs.
struct LatencyTests {
  /// A run whose answer takes this many milliseconds.
  private static func run(_ milliseconds: Int, _ kind: Latency.Kind = .answer, number: Int = 1) -> Transcript {
    var transcript = Transcript()
    let place = Latency.Place(number: number, connection: "a")
    transcript.latencies = [Latency(kind: kind, place: place, time: .milliseconds(milliseconds))]
    return transcript
  }

  private static func judge(
    _ left: [Int], _ right: [Int], _ limit: Int? = nil, _ channels: [Channel] = [.wire, .time]
  ) -> ScenarioResult {
    ScenarioResult(
      .exchange(), channels, left.map { run($0) }, right.map { run($0) }, [], limits: ResourceLimits(latency: limit))
  }

  private static func note(_ result: ScenarioResult) -> String? {
    guard case .noted(let difference)? = result.cells.last?.finding else { return nil }
    return difference.note
  }

  @Test("A latency differs only if every run of one side is longer than any run of the other one, beyond the limit")
  func gaps() {
    #expect(Self.note(Self.judge([0, 3], [201, 204])) == "the right is at least 198 ms later")
    #expect(Self.note(Self.judge([350, 400], [2, 0])) == "the left is at least 348 ms later")
    // A busy machine delays single runs; equal latencies vary; small and relatively small differences are none.
    for (left, right) in [
      ([0, 300], [201, 204]), ([100, 180], [150, 300]), ([0, 1], [90, 95]), ([500, 510], [700, 720]),
    ] {
      #expect(Self.judge(left, right).cells.last?.finding == .same(masks: []), "\(left) \(right)")
    }
  }

  @Test("A latency is compared with the same one of the other side, where each run has it")
  func places() {
    let left = [Self.run(0, number: 1), Self.run(0, number: 1)]
    for right in [[Self.run(300, number: 2), Self.run(300, number: 1)], [Self.run(300, .end), Self.run(300)]] {
      let result = ScenarioResult(.exchange(), [.time], left, right, [])
      #expect(result.cells.last?.finding == .same(masks: []))
    }
  }

  @Test("A difference in time decides only with a limit, which then has no ratio")
  func limits() {
    let noted = Self.judge([500, 510], [700, 720])
    #expect(noted.verdict == .same)
    let limited = Self.judge([500, 510], [700, 720], 150)
    #expect(limited.verdict == .different)
    guard case .different(let difference)? = limited.cells.last?.finding else { return }
    #expect(difference.observation == "answers" && difference.left == ["500 to 510 ms"])
    #expect(Self.judge([500, 510], [700, 720], 200).verdict == .same)
  }

  @Test("Seven runs of each side confirm it, once for all scenarios")
  func confirmations() {
    let first = Self.judge([0, 3], [201, 204]).unsettled(inCalls: false)
    #expect(first.count == 1)
    #expect(Self.judge([1, 5], [303, 304]).unsettled(inCalls: false) == first)
    let settled = Self.judge((0..<7).map { $0 }, (0..<7).map { 201 + $0 })
    #expect(settled.unsettled(inCalls: false) == [] && settled.settled == first)
    #expect(Fisher.chance(7, of: 7, 0, of: 7) < Limits.chance)
  }

  @Test("The report has one line for all scenarios in which one side is later, and reads it back")
  func report() throws {
    let results = [Self.judge([0, 3], [201, 204]), Self.judge([1, 5], [303, 304]), Self.judge([1, 5], [1, 4])]
    let program = try Program("a {port}")
    let report = Report(
      left: program, right: try Program("b {port}"), channels: [.wire, .time], results: results, stale: [],
      time: .seconds(1))
    let note =
      "note: answers differ in time in 2 of 3 scenarios, which does not decide the verdict: the right is at least "
      + "198 ms later, 0 to 3 ms ≠ 201 to 204 ms in exchange; --limit-latency judges them"
    #expect(report.text().split(separator: "\n").filter { $0.hasPrefix("note") } == [Substring(note)])
    #expect(report.verdict == .same && report.html.contains("answers differ in time in 2 of 3 scenarios"))
    #expect(try Report(json: report.json).text() == report.text())
  }
}

extension Judge {
  /// Programs of different speed, in the channel `time`.
  @Suite struct TimeTests {
    @Test("A slower answer is noted, and its latency is measured")
    func laterAnswer() async throws {
      let steps: [Step] = [.connect("a"), .send("a", "hello\n"), .receive("a", .count(6), within: 100)]
      let scenario = Scenario("answer", steps: steps + Scenario.end("a"))
      let report = try await FaultyProgram.judge("late-early", against: "early", scenario, channels: [.wire, .time])
      #expect(report.verdict == .same, "\(report.text())")
      guard case .noted(let difference)? = report.finding(.time) else {
        Issue.record("not noted: \(report.text())")
        return
      }
      #expect(difference.observation == "answers" && difference.note?.hasPrefix("the right is at least ") == true)
    }
  }
}
