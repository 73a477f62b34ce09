import Subprocess
import SystemPackage
import Testing

@testable import ParityKit

/// Votes over runs that no program made.
struct SplitTests {
  /// Programs with equal letters behave the same.
  private static func split(_ letters: String) -> Split {
    let letters = Array(letters)
    return Split(letters.count) { letters[$0.first] == letters[$0.second] ? .same : .different }
  }

  @Test(
    "A program is alone if no other behaves like it, and a tie is no majority",
    arguments: [
      ("aaa", [[0, 1, 2]], [], false), ("aab", [[0, 1], [2]], [2], false), ("baa", [[1, 2], [0]], [0], false),
      ("abc", [[0], [1], [2]], [], true), ("abab", [[0, 2], [1, 3]], [], true),
      ("aabcc", [[0, 1], [3, 4], [2]], [2], true),
      ("abaca", [[0, 2, 4], [1], [3]], [1, 3], false), ("aaabb", [[0, 1, 2], [3, 4]], [], false),
    ] as [(String, [[Int]], [Int], Bool)])
  func groups(letters: String, groups: [[Int]], alone: [Int], isTie: Bool) {
    let split = Self.split(letters)
    #expect(split.groups == groups && split.alone == alone && split.isTie == isTie)
    #expect(split.doubts.isEmpty && split.verdict == (groups.count == 1 ? .same : .different))
  }

  @Test("A pair that contradicts the groups is a doubt, and its programs are not alone")
  func doubts() {
    let chain = Split(3) { $0.second - $0.first == 1 ? .same : .different }
    #expect(chain.groups == [[0, 1, 2]] && chain.doubts == [Split.Pair(first: 0, second: 2)])
    #expect(chain.verdict == .different)
    let hung = Split(3) { $0.second == 2 ? .unclear : .same }
    #expect(hung.groups == [[0, 1], [2]] && hung.alone.isEmpty && hung.doubts.count == 2)
    #expect(hung.verdict == .notJudged)
  }

  /// A report of programs that print these texts, one for each run, and end with these statuses.
  private static func report(_ texts: [[String]], _ statuses: [Int32], hung: Set<Int> = []) -> VoteReport {
    var vote = Vote(statuses.map { Program(words: ["print", "\($0)"]) }, role: .filter)
    vote.channels = [.output, .exit]
    let scenario = Scenario("ends", role: .filter, steps: [])
    var runs = VoteRuns(texts.count)
    runs.plain = zip(texts, statuses).enumerated().map { index, own in
      own.0.map { text in
        var run = Transcript()
        (run.output, run.exits) = (Array(text.utf8), [.exited(own.1)])
        if hung.contains(index) { run.hang = "step 1: settle" }
        return run
      }
    }
    let result = VoteResult(scenario, vote.channels, runs, VotePairs(vote, scenario, runs))
    return VoteReport(
      programs: vote.programs, channels: vote.channels, results: [result], troubles: [], stale: [],
      timeout: vote.timeout, time: .seconds(1))
  }

  @Test("The report names the program that is alone, with the values of both groups")
  func alone() {
    let report = Self.report([["x"], ["x"], ["x"]].map { $0 + $0 }, [0, 0, 143])
    let text = report.text()
    #expect(report.verdict == .different && report.alone == [0, 0, 1])
    #expect(
      text.contains("C alone in exit of ends: C: ⟨exited with status 143⟩; A and B: ⟨exited with status 0⟩\n"),
      "\(text)")
    #expect(text.contains("ends  same    same    ALONE   exit\n"), "\(text)")
    #expect(text.contains("alone in how many of 1 scenarios: A 0, B 0, C 1\n"), "\(text)")
    #expect(report.json.contains("\"tie\": false") && report.junit.contains("failures=\"1\""))
    #expect(report.html.contains("✗ ALONE"))
  }

  @Test("A tie, and programs that all differ, are called so")
  func ties() {
    let tie = Self.report([["x"], ["y"], ["x"], ["y"]].map { $0 + $0 }, [0, 0, 0, 0]).text()
    #expect(tie.contains("a tie, A and C against B and D, in output of ends: B and D: y; A and C: x\n"), "\(tie)")
    #expect(tie.contains("ends  group 1 group 2 group 1 group 2 output\n"), "\(tie)")
    #expect(tie.contains("A 0, B 0, C 0, D 0; a tie in 1\n"), "\(tie)")
    let all = Self.report([["x"], ["y"], ["z"]].map { $0 + $0 }, [0, 0, 0]).text()
    #expect(all.contains("A, B and C all differ in output of ends: B: y; C: z; A: x\n"), "\(all)")
  }

  @Test("Noise of all programs is masked, and one program without it is alone")
  func noise() {
    func runs(_ start: Int) -> [String] {
      (0..<Limits.maximumRuns).map { "pid \(1000 + (start + $0 * 3571) % 9000)\n" }
    }
    #expect(Self.report([runs(1000), runs(2011), runs(3023)], [0, 0, 0]).verdict == .same)
    let fixed = Array(repeating: "pid 4444\n", count: Limits.maximumRuns)
    #expect(Self.report([runs(1000), fixed, runs(3023)], [0, 0, 0]).alone == [0, 1, 0])
  }

  @Test("A program that hung is not judged, and the others are")
  func hang() {
    let report = Self.report([["x"], ["x"], ["x"]].map { $0 + $0 }, [0, 0, 0], hung: [2])
    #expect(report.verdict == .notJudged && report.results[0].troubles == ["C hung at step 1: settle"])
    #expect(report.text().contains("ends  same    same    ?       output\n"), "\(report.text())")
    #expect(report.text().contains("not judged (C hung, so its runs were cut short)"), "\(report.text())")
  }
}

/// The command, with programs.
extension Judge {
  @Suite struct VoteTests {
    @Test("Each program starts once, and then runs each scenario once for all of its pairs")
    func sharedRuns() async throws {
      try await Script.inFolder { folder in
        let programs = try ["a", "b", "c"].map { try Program("sh -c 'echo >>\(folder)/\($0); cat'") }
        let scenario = Scenario("line", role: .filter, steps: [.input("x\n"), .endInput, .waitForExit()])
        let report = await Vote(programs, scenarios: [scenario]).run()
        #expect(report.verdict == .same, "\(report.text())")
        for name in ["a", "b", "c"] {
          // The first start may end before it writes.
          let count = try await Script.output("cat", ["\(folder)/\(name)"]).count
          #expect((1...2).contains(count), "\(name): \(count)")
        }
      }
    }

    @Test(
      "The command names the program that is alone, and its status is the verdict",
      arguments: [
        (["cat", "cat -u", "tr a-z A-Z"], 1, "C alone in output of a-line and 1 more: C: HELLO"),
        (["cat", "cat -u"], 64, "2 programs; allowed: 3 to 9"),
        (["cat", "cat -u", "/no/such"], 2, "C did not start: /no/such: No such file or directory"),
        (["cat", "cat", "cat", "--channels", "cost"], 64, "parity vote does not compare costs"),
      ])
    func command(arguments: [String], status: Int32, message: String) async throws {
      let result = try await run(
        .path(FilePath(try await Script.product("parity"))),
        arguments: Arguments(["vote", "--role", "filter", "--only", "a-line"] + arguments),
        output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
      #expect(result.terminationStatus == .exited(status))
      let text = result.standardOutput + result.standardError
      #expect(text.contains(message) && !text.contains("\u{1B}"), "\(text)")
    }
  }
}
