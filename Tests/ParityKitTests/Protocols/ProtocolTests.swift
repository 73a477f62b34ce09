import Testing

@testable import ParityKit

/// The scenarios of protocols.
struct ProtocolTests {
  @Test(
    "The scenarios of a protocol are for servers, do something, and have distinct names",
    arguments: WireProtocol.allCases)
  func scenarios(of wireProtocol: WireProtocol) {
    let all = wireProtocol.scenarios
    #expect(all.allSatisfy { $0.role == .server && $0.name.hasPrefix("\(wireProtocol.rawValue)-") })
    #expect(all.compactMap(\.problem) == [])
    #expect(Set(all.map(\.name)).count == all.count)
    #expect(Set(all.map(\.steps)).count == all.count, "two scenarios have the same steps")
  }

  @Test(
    "A protocol has whole requests, pieces, several at once, half-closes, resets, and two clients",
    arguments: WireProtocol.allCases)
  func kinds(of wireProtocol: WireProtocol) {
    let steps = wireProtocol.scenarios.map(\.steps)
    func contains(_ isWanted: (Step) -> Bool) -> Bool { steps.contains { $0.contains(where: isWanted) } }
    func cuts(_ isWanted: (Pieces.Cut) -> Bool) -> Bool {
      contains { if case .send(_, _, let pieces) = $0 { isWanted(pieces.cut) } else { false } }
    }
    #expect(cuts { $0 == .everyByte } && cuts { if case .at = $0 { true } else { false } })
    #expect(contains { if case .reset = $0 { true } else { false } })
    #expect(contains { if case .halfClose = $0 { true } else { false } })
    #expect(steps.contains { $0.contains(.connect("b")) && !$0.prefix { $0 != .connect("b") }.contains(.close("a")) })
  }

  @Test("parity scenarios --protocol prints them as YAML, which can be read", arguments: WireProtocol.allCases)
  func printing(wireProtocol: WireProtocol) async throws {
    try await Script.inFolder { folder in
      let words = [try await Script.product("parity"), wireProtocol.rawValue, "\(folder)/all.yaml"]
      _ = try await Script.output("sh", ["-c", "\"$1\" scenarios --protocol \"$2\" > \"$3\"", "-"] + words)
      #expect(try Scenario.load("\(folder)/all.yaml") == wireProtocol.scenarios)
    }
  }

  @Test("The command line that repeats a scenario names its protocol")
  func replay() throws {
    let program = try Program("server {port}")
    let scenario = try #require(WireProtocol.redis.scenarios.first)
    let comparison = Comparison(program, program, scenarios: [scenario])
    #expect(comparison.replay(comparison, scenario).suffix(4) == ["--protocol", "redis", "--only", scenario.name])
  }

  // MARK: The choice

  @Test(
    "A protocol is chosen by the greeting, and by the answers to PING and to GET",
    arguments: [
      (["220 mail ready\r\n", "500 what?\r\n"], "", WireProtocol.smtp, "it greets with \"220 mail ready\""),
      (["", "<html>"], "HTTP/1.0 200 OK\r\n\r\n", .http, "it answers GET with \"HTTP/1.0 200 OK\""),
      (["", "+PONG\r\n"], "-ERR wrong\r\n", .redis, "it answers PING with \"+PONG\""),
      (["", "PING\r\n"], "GET / HTTP/1.0\r\n\r\n", .line, "it answers PING with \"PING\""),
      (["", ""], "", .line, "it answers PING with nothing"),
      // A greeting counts only if it comes first.
      (["", "220 lines\r\n"], "", .line, "it answers PING with \"220 lines\""),
    ])
  func choice(first: [String], second: String, shown: WireProtocol, reason: String) {
    let probe = ProtocolProbe(greeting: Array(first[0].utf8), answer: Array(first[1].utf8), http: Array(second.utf8))
    #expect(probe.shown == shown)
    #expect(probe.reason == reason)
  }
}

extension Judge {
  @Suite struct ProtocolChoiceTests {
    @Test("--protocol auto says what it chose, and why", arguments: ["smtp", "http", "redis", "line"])
    func chosen(name: String) async throws {
      let output = try await Script.run("auto.sh", [try await Script.product("parity"), name, name])
      let lines = output.split(separator: "\n")
      #expect(lines.first == "status 0", "\(output)")
      #expect(lines.contains { $0.contains("note: --protocol auto chose \(name): left: it ") }, "\(output)")
    }

    @Test("--protocol auto refuses servers of different protocols")
    func refused() async throws {
      let output = try await Script.run("auto.sh", [try await Script.product("parity"), "smtp", "line"])
      #expect(
        output == """
          status 2
          --protocol auto: the left side shows smtp (it greets with "220 mail.example.org"), the right side line \
          (it answers PING with "what?"); name one of them with --protocol

          """)
    }
  }
}
