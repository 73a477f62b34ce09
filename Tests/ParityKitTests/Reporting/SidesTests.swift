import Subprocess
import SystemPackage
import Testing

@testable import ParityKit

/// What a report says of each side by itself.
struct SidesTests {
  /// Sides that print these texts, one for each run.
  private static func report(
    _ left: [String], _ right: [String], environment: [String: String] = [:]
  ) -> Report {
    func runs(_ texts: [String]) -> [Transcript] {
      texts.map { text in
        var run = Transcript()
        (run.output, run.exits) = (Array(text.utf8), [.exited(0)])
        return run
      }
    }
    let result = ScenarioResult(
      Scenario("prints", role: .filter, steps: []), [.output, .exit], runs(left), runs(right), [])
    return Report(
      left: Program(words: ["prog", "{port}"]), right: Program(words: ["prog", "{port}"], environment: environment),
      channels: [.output, .exit], results: [result], stale: [], time: .seconds(1))
  }

  @Test("One program under two environments is named with them in every form of the report, and when it is read again")
  func environments() throws {
    let report = Self.report(["a"], ["a"], environment: ["SWAP": "ipc_send", "LANG": "C"])
    let title = "prog {port} with LANG=C SWAP=ipc_send"
    #expect(report.text().hasPrefix("left   prog {port}\nright  \(title)\n\n"), "\(report.text())")
    #expect(report.html.contains("<title>same: prog {port} and \(title)"))
    #expect(report.html.contains("<dt>Right</dt><dd><code>\(title)</code>"))
    #expect(report.junit.contains("<property name=\"right\" value=\"\(title)\"/>"))
    let read = try Report(json: report.json)
    #expect(read.right == report.right && read.left == report.left)
    #expect(report.selfNote == nil)
  }

  @Test("Equal sides are called one program")
  func itself() {
    let text = Self.report(["a"], ["a"]).text()
    #expect(
      text.hasPrefix("left   prog {port}\nright  prog {port}\nnote: the program is compared with itself\n"), "\(text)")
  }

  @Test("The report says in how many scenarios each side differs from itself")
  func noise() {
    let noisy = (1...16).map { "pid \($0 * 631)\n" }
    let report = Self.report(noisy, (1...16).map { "pid \($0 * 577)\n" })
    #expect(report.noise == (1, 1) && report.verdict == .same)
    #expect(
      report.text().contains("noise: the left's own runs differ in 1 of 1 scenarios, the right's in 1\n"),
      "\(report.text())")
    let fixed = Self.report(noisy, noisy.map { _ in "pid 5\n" })
    #expect(fixed.noise == (1, 0) && fixed.verdict == .different)
    #expect(!Self.report(["a", "a"], ["b", "b"]).text().contains("noise:"))
  }
}

extension Judge {
  @Suite struct EnvironmentTests {
    @Test(
      "--right may be left out if an environment is given",
      arguments: [
        (["--right-env", "SWITCH=on"], 1, "right  sh -c 'echo $SWITCH; cat' with SWITCH=on\n"),
        (["--left-env", "OTHER=on"], 0, "left   sh -c 'echo $SWITCH; cat' with OTHER=on\n"),
        ([], 64, "--right is missing"),
      ])
    func rightCommand(options: [String], status: Int32, message: String) async throws {
      let words = ["compare", "--role", "filter", "--left", "sh -c 'echo $SWITCH; cat'", "--only", "a-line"]
      let result = try await run(
        .path(FilePath(try await Script.product("parity"))),
        arguments: Arguments(words + ["--channels", "output"] + options),
        output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
      #expect(result.terminationStatus == .exited(status))
      #expect((result.standardOutput + result.standardError).contains(message), "\(result.standardOutput)")
    }
  }
}
