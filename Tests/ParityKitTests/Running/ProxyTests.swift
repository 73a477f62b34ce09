import Subprocess
import SystemPackage
import Testing

@testable import ParityKit

/// Proxies, between a client and an upstream that the judge plays.
extension Judge {
  @Suite struct ProxyTests {
    private static let socat = "socat TCP-LISTEN:{port},fork,reuseaddr TCP:{upstream}"
    /// It waits nine seconds for an answer after a half-close, in place of half a second.
    private static let patient = socat.replacing("socat", with: "socat -t 9")

    private static func judge(_ left: String, _ right: String, _ names: String...) async throws -> Report {
      let scenarios = Scenario.bundled(for: .proxy).filter { names.contains($0.name) }
      try #require(scenarios.count == names.count)
      return await (try comparison(left, right, scenarios)).run()
    }

    private static func comparison(_ left: String, _ right: String, _ scenarios: [Scenario]) throws -> Comparison {
      var comparison = Comparison(try Program(left), try Program(right), role: .proxy, scenarios: scenarios)
      comparison.channels = [.wire, .output, .exit]
      return comparison
    }

    @Test("A proxy is the same as itself, with data in both directions and an upstream that refuses")
    func same() async throws {
      let report = try await Self.judge(Self.socat, Self.socat, "request-and-answer", "upstream-refuses")
      #expect(report.verdict == .same, "\(report.text())")
      let connections = report.results[0].left.connections
      #expect(connections.map(\.name) == ["client", "up"])
      #expect(connections[0].events.contains(.received(Array("answer\n".utf8))))
      #expect(connections[1].events.contains(.received(Array("hello\n".utf8))))
      #expect(report.results.allSatisfy { $0.vacuous.isEmpty }, "\(report.text())")
    }

    /// socat ends a connection half a second after one side has half-closed, unless -t says more.
    @Test("A proxy that loses a late answer after a half-close is found")
    func halfClose() async throws {
      let report = try await Self.judge(Self.socat, Self.patient, "late-answer-after-half-close")
      #expect(report.verdict == .different, "\(report.text())")
      let events = report.results[0].right.connections[0].events
      #expect(events.contains(.received(Array("answer\n".utf8))), "\(events)")
    }

    @Test("A proxy that does not connect to its upstream is different, and does not hang")
    func noUpstream() async throws {
      let other = "sh -c 'exec socat TCP-LISTEN:$0,fork,reuseaddr PIPE' {port} {upstream}"
      let report = try await Self.judge(Self.socat, other, "upstream-greets")
      #expect(report.verdict == .different && report.text().contains("⟨no connection⟩"), "\(report.text())")
    }

    @Test("A proxy is the same as itself in random scenarios")
    func fuzz() async throws {
      var fuzz = Fuzz(try Self.comparison(Self.patient, Self.patient, []), role: .proxy, seed: 3)
      fuzz.runs = 8
      let report = try await fuzz.run()
      #expect(report.verdict == .same && report.fuzzed?.played == 8, "\(report.text())")
    }

    @Test("The port of the upstream has a name in the output")
    func names() async throws {
      let program =
        "sh -c 'echo $1 $2 >&2; exec socat TCP-LISTEN:$0,fork,reuseaddr TCP:$1' {port} {upstream} {upstream-port}"
      let report = try await Self.judge(program, program, "SIGTERM-idle")
      let error = String(decoding: report.results[0].left.error, as: UTF8.self)
      #expect(report.verdict == .same && error == "127.0.0.1:{upstream-port} {upstream-port}\n", "\(report.text())")
    }

    @Test(
      "Wrong usage is reported",
      arguments: [
        (
          "compare", "socat {port}",
          "the command does not say where its upstream is; allowed: {upstream}, {upstream-port}"
        ),
        ("compare", "socat {upstream}", "the command does not say where it listens; allowed: {port}, {socket}"),
      ])
    func usage(command: String, program: String, message: String) async throws {
      let result = try await run(
        .path(FilePath(try await Script.product("parity"))),
        arguments: [command, "--role", "proxy", "--left", program, "--right", program],
        output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
      #expect(result.terminationStatus == .exited(64) && result.standardError.contains(message))
    }
  }
}
