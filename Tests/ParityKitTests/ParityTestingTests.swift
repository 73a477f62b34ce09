import ParityKit
import ParityTesting
import Testing

/// The function that other packages use in their tests.
extension Judge {
  @Suite struct ParityTestingTests {
    @Test("Two programs that behave the same raise no issue")
    func sameBehaviour() async throws {
      let report = try await expectParity("cat", "cat -u", role: .filter)
      #expect(report.results.count > 5)
    }

    @Test("A difference raises one issue, with both sides and the line that repeats it")
    func difference() async throws {
      let scenarios = ["a", "b"].map { name in
        Scenario(name, role: .filter, steps: [.input("Hello\n"), .endInput, .waitForExit()])
      }
      try await withKnownIssue {
        try await expectParity("cat", "tr a-z A-Z", role: .filter, scenarios: scenarios)
      } matching: { issue in
        let text = issue.comments.map(\.rawValue).joined()
        return text.contains("a · output · standard output differs") && text.contains("  left   Hello")
          && text.contains("  right  HELLO") && text.contains("the same in b")
          && text.contains("--right 'tr a-z A-Z' --scenario a.yaml\n  where a.yaml is:\n    name: a\n")
          && issue.sourceLocation?.fileName == "ParityTestingTests.swift"
      }
    }

    @Test("A program that does not start raises an issue")
    func noStart() async throws {
      try await withKnownIssue {
        try await expectParity("no-such-program", "cat", role: .filter)
      } matching: { issue in
        issue.comments.map(\.rawValue).joined().hasPrefix("start: left did not start: no-such-program: No such file")
      }
    }

    @Test("A server command without an endpoint is an error")
    func missingPlaceholder() async {
      await #expect(
        throws: Program.Malformed(
          description: "cat: the command does not say where it listens; allowed: {port}, {socket}")
      ) {
        try await expectParity("cat", "cat")
      }
    }
  }
}
