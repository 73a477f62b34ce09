import Testing

@testable import ParityKit

/// Waits are measured by what the program does, not by the clock: without programs.
struct WaitTests {
  private static let start = ContinuousClock().now

  @Test("The time of a wait is over if nothing moves")
  func deadline() {
    var deadline = Deadline(.seconds(1), isExtended: true, since: Self.start)
    deadline.begin(Self.start, starved: .zero)
    var passed = deadline.hasPassed(Self.start + .milliseconds(900), starved: { .zero }, progress: { 1 })
    #expect(!passed)
    // The first number of bytes moved is compared with a later one.
    passed = deadline.hasPassed(Self.start + .milliseconds(1000), starved: { .zero }, progress: { 1 })
    #expect(!passed && deadline.due == Self.start + .milliseconds(1250))
    passed = deadline.hasPassed(Self.start + .milliseconds(1250), starved: { .zero }, progress: { 1 })
    #expect(passed)
  }

  @Test("A program that moves something gets more time, up to three times as much")
  func progress() {
    var deadline = Deadline(.seconds(1), isExtended: true, since: Self.start)
    deadline.begin(Self.start, starved: .zero)
    var (now, moved) = (Self.start, 0)
    while !deadline.hasPassed(now, starved: { .zero }, progress: { moved }), moved < 100 {
      moved += 1
      now = deadline.due
    }
    #expect(now == Self.start + .seconds(3))
  }

  @Test("Time without a processor does not count")
  func starvation() {
    var deadline = Deadline(.seconds(1), isExtended: false, since: Self.start)
    deadline.begin(Self.start, starved: .seconds(5))
    // Two of three seconds the program waits for a processor.
    var now = Self.start
    for _ in 0..<100
    where !deadline.hasPassed(now, starved: { .seconds(5) + (now - Self.start) * 2 / 3 }, progress: { 0 }) {
      now = deadline.due
    }
    #expect((.milliseconds(2990)...(.milliseconds(3000))).contains(now - Self.start))
    // Not even then is there no limit.
    var starving = Deadline(.seconds(1), isExtended: false, since: Self.start)
    starving.begin(Self.start, starved: .zero)
    now = Self.start
    for _ in 0..<100 where !starving.hasPassed(now, starved: { now - Self.start }, progress: { 0 }) {
      now = starving.due
    }
    #expect(now - Self.start == .seconds(1 + Limits.starvation))
  }

  private static func transcript(
    _ events: [Connection.Event], at step: String = "receive", _ shown: [Milestone.Sign: Int]...
  ) -> Transcript {
    var transcript = Transcript()
    transcript.connections = [Connection(name: "a", events: events)]
    transcript.milestones = shown.enumerated().map { Milestone("\(step) \($0.offset)", $0.element) }
    return transcript
  }

  @Test("A silence is the first thing that only the other side has shown")
  func silences() {
    let answered = Self.transcript([.received([1]), .end], [.answer: 1], [.answer: 1, .end: 1])
    let late = Self.transcript([.silence, .received([1]), .end], [:], [.answer: 1, .end: 1])
    let open = Self.transcript([.received([1]), .stillOpen], [.answer: 1], [.answer: 1])
    #expect(late.silence(beside: answered) == Milestone.Silence(step: "receive 0", sign: .answer))
    #expect(open.silence(beside: answered) == Milestone.Silence(step: "receive 1", sign: .end))
    #expect(answered.silence(beside: answered) == nil)
    // Nothing is missing: it may have ended before it read.
    #expect(answered.silence(beside: open) == Milestone.Silence(step: "reading", sign: .taken))
  }

  @Test("Noise of another length is no silence, but a missing line or a descriptor that is still open is")
  func noise() {
    func printed(_ lines: Int) -> Milestone { Milestone("settle", [.output: lines]) }
    #expect(printed(1).silences(beside: printed(2)) == [Milestone.Silence(step: "settle", sign: .output)])
    let short = Self.transcript([.received([1])], [.answer: 1])
    let long = Self.transcript([.received([1, 2])], [.answer: 2])
    #expect(short.silence(beside: long) == nil)
    func left(_ count: Int) -> Milestone { Milestone("the end", [.removal: -count]) }
    #expect(left(1).silences(beside: left(0)) == [Milestone.Silence(step: "the end", sign: .removal)])
    #expect(left(0).silences(beside: left(1)) == [])
  }

  @Test("A step awaits only what it is for: an idle program that is awaited for more would end its connections")
  func purposes() {
    let all = Dictionary(uniqueKeysWithValues: Milestone.Sign.allCases.map { ($0, 1) })
    let expected: [String: [Milestone.Sign]] = [
      "settle": [.answer, .output, .taken], "send": [.taken], "receive end": [.answer, .end],
      "wait-for-exit after TERM": [.exit], "the end": [.output, .removal],
    ]
    for (step, signs) in expected {
      let silences = Milestone(step, [:]).silences(beside: Milestone(step, all))
      #expect(Set(silences.map(\.sign)) == Set(signs), "\(step)")
    }
  }

  @Test("A kind of silence that never ended is not awaited again, and one that ended is awaited at once")
  func memory() async {
    let silences = Silences()
    let (end, exit) = (Milestone.Silence(step: "receive end", sign: .end), Milestone.Silence(step: "x", sign: .exit))
    #expect(await silences.reserve(end, of: 1) == [])
    // Another scenario with the same silence waits until this one knows.
    async let other = silences.reserve(end, of: 1)
    #expect(await silences.reserve(end, of: 0) == [])
    await silences.settle(end, of: 1, never: [exit])
    #expect(await other == [exit])
    #expect(await silences.reserve(end, of: 1) == [exit])
    #expect(await silences.reserve(exit, of: 1) == nil)
    #expect(await silences.reserve(exit, of: 0) == [])
  }
}

extension Judge {
  /// Programs of different speed.
  @Suite struct SpeedTests {
    private static let stop: [Step] = [.signal(.terminate), .waitForExit(within: 100)]
    private static let pieces: [Step] = [
      .connect("a"), .settle(), .send("a", "hello\n", Pieces(.at([3]))), .receive("a", .nothing(milliseconds: 50)),
      .halfClose("a"), .receive("a", .end, within: 50), .close("a"),
    ]

    @Test(
      "A slower server is the same",
      arguments: [("early", "late-early"), ("none", "late-accept"), ("none", "later-answer")])
    func servers(left: String, right: String) async throws {
      let scenario = Scenario("slow", steps: Self.pieces + Self.stop)
      let report = try await FaultyProgram.judge(right, against: left, scenario)
      #expect(report.verdict == .same, "\(report.text())")
      #expect(try await FaultyProgram.judge(left, against: right, scenario).verdict == .same)
    }

    @Test("A client that waits before it closes is the same")
    func client() async throws {
      let steps: [Step] = [
        .listen(), .input("hello\n"), .endInput, .accept("a"), .receive("a", .pattern("\n"), within: 50),
      ]
      let scenario = Scenario(
        "close", role: .client, steps: steps + Scenario.end("a") + [.waitForExit(within: 50)])
      let report = try await FaultyProgram.judge("late-close", scenario)
      #expect(report.verdict == .same, "\(report.text())")
    }

    @Test(
      "A server that never answers, never closes or never exits differs, and is awaited once",
      arguments: [("hang", Channel.wire), ("no-close", .wire), ("no-exit", .exit)])
    func never(fault: String, channel: Channel) async throws {
      var comparison = Comparison(
        try await FaultyProgram.program("none"), try await FaultyProgram.program(fault),
        scenarios: (1...4).map { Scenario("\($0)", steps: Self.pieces + Self.stop) })
      comparison.channels = [.wire, .exit]
      comparison.timeout = .seconds(1)
      let report = await comparison.run()
      #expect(report.verdict == .different && report.differingChannels.contains(channel), "\(report.text())")
    }
  }
}
