import ParityKit
import Testing

extension Judge {
  /// A comparison runs each side no more often than it must, and ends in the time that it has.
  @Suite struct BudgetTests {
    private static let cat = Program(words: ["cat"])

    private static func filters(_ names: [String]) -> [Scenario] {
      names.map { Scenario($0, role: .filter, steps: [.input("hello\n"), .endInput, .waitForExit()]) }
    }

    @Test("A scenario that is not played to its end in the time is not judged, and the others are")
    func slow() async throws {
      let waits = Scenario("waits", role: .filter, steps: [.input("hello\n"), .settle(milliseconds: 20_000)])
      var comparison = Comparison(Self.cat, Self.cat, role: .filter, scenarios: [waits] + Self.filters(["ends"]))
      comparison.channels = [.output, .exit]
      comparison.budget = .seconds(3)
      let report = await comparison.run()
      #expect(report.verdict == .notJudged && report.results.map(\.verdict) == [.notJudged, .same])
      let text = report.text()
      #expect(
        text.contains("waits: not played to the end within the time of the comparison; --budget sets it"), "\(text)")
      #expect(text.contains("\ncould not judge: 1 of 2 scenarios are the same"), "\(text)")
    }

    @Test("A difference that is found too late to confirm it is no verdict")
    func unconfirmed() async throws {
      // Confirming takes more than this.
      var comparison = Comparison(
        Self.cat, Program(words: ["sed", "s/h/H/"]), role: .filter, scenarios: Self.filters(["late"]))
      comparison.channels = [.output]
      comparison.budget = .milliseconds(1150)
      let report = await comparison.run()
      #expect(report.verdict == .notJudged)
      // On a busy machine even the first runs may not end.
      let texts = [
        "the sides differ, and there was no time to confirm it",
        "not played to the end within the time of the comparison",
      ]
      let text = report.text()
      #expect(texts.contains { text.contains("late: \($0); --budget sets it") }, "\(text)")
    }

    @Test("Equal sides run once, and a difference that one scenario has confirmed is confirmed once")
    func runs() async throws {
      var comparison = Comparison(Self.cat, Self.cat, role: .filter, scenarios: Self.filters(["a"]))
      comparison.channels = [.output, .exit]
      #expect(await comparison.run().results.map(\.runs) == [1])
      comparison.right = Program(words: ["sed", "s/h/H/"])
      comparison.scenarios = Self.filters(["a", "b", "c"])
      comparison.jobs = 1
      let report = await comparison.run()
      #expect(report.results.map(\.verdict) == [.different, .different, .different])
      let runs = report.results.map(\.runs).sorted()
      #expect(runs.last == 7 && runs.dropLast().allSatisfy { $0 <= 2 }, "\(runs)")
    }

    @Test("For a note, the calls of eight scenarios are traced; calls that decide are traced in all")
    func traced() async throws {
      var comparison = Comparison(
        Self.cat, Self.cat, role: .filter, scenarios: Self.filters((0..<10).map { "scenario-\($0)" }))
      comparison.channels = [.output, .calls]
      func judged(_ report: Report) -> Int {
        report.results.count { result in
          result.cells.contains { cell in
            if cell.channel == .calls, case .same = cell.finding { true } else { false }
          }
        }
      }
      #expect(judged(await comparison.run()) == 8)
      comparison.strictCalls = true
      #expect(judged(await comparison.run()) == 10)
    }
  }
}
