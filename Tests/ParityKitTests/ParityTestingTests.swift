import ParityKit
import ParityTesting
import Testing

/// As a package that depends on this one writes it.
extension Judge {
  @Suite struct ParityTestingTests {
    @Test func programsThatAreTheSame() async throws {
      let report = try await expectParity("cat", "cat -u", role: .filter)
      #expect(report.judgements.count > 5)
    }

    /// Where they part, once, and how to see it again.
    @Test func programsThatDiffer() async throws {
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

    @Test func aProgramThatDoesNotStart() async throws {
      try await withKnownIssue {
        try await expectParity("no-such-program", "cat", role: .filter)
      } matching: { issue in
        issue.comments.map(\.rawValue).joined().hasPrefix("no-input: left did not start: no-such-program: No such file")
      }
    }

    @Test func aCommandThatDoesNotSayWhere() async {
      await #expect(throws: Program.Malformed(description: "cat: say where it listens: {port} or {socket}")) {
        try await expectParity("cat", "cat")
      }
    }
  }
}
