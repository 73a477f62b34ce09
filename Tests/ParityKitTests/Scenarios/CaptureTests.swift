import Testing

@testable import ParityKit

/// Regular expressions, captured values, and the payloads that contain them.
struct CaptureTests {
  @Test("A captured value, a template and an expression are printed and read again")
  func printing() throws {
    let scenario = Scenario(
      "values",
      steps: [
        .connect("a"),
        .receive("a", .regex("id=\\d+\r\n"), capture: [Capture("id", "id=(\\d+)"), Capture("b_1", "(\r)")]),
        .receive("a", .end, within: 5, capture: [Capture("end", "x(y)?")]),
        .send("a", Payload(.template("${id} $${id} $5 ${b_1}\n"), times: 2), Pieces(.everyByte)),
        .input(Payload(.template("${end}"))),
      ])
    #expect(try Scenario(yaml: scenario.yaml) == scenario, "\(scenario.yaml)")
    #expect(scenario.yaml.contains("regex: \"id=\\\\d+\\r\\n\", capture: {id: \"id=(\\\\d+)\", \"b_1\": \"(\\r)\"}}"))
  }

  @Test(
    "An invalid expression, capture or template is reported with its line",
    arguments: [
      ("receive: {peer: a, regex: \"(\"}", "s.yaml:3: \"(\" is not a regular expression"),
      ("receive: {peer: a, regex: \"x*\"}", "s.yaml:3: \"x*\" matches the empty text"),
      ("receive: {peer: a, until: end, capture: {id: x}}", "s.yaml:3: \"x\" must have one group, which is captured"),
      ("receive: {peer: a, until: end, capture: {id: (x)(y)}}", "s.yaml:3: \"(x)(y)\" must have one group"),
      (
        "receive:\n    peer: a\n    until: end\n    capture:\n      id: \"(\"",
        "s.yaml:7: \"(\" is not a regular expression"
      ),
      ("receive: {peer: a, until: end, capture: {a b: (x)}}", "s.yaml:3: \"a b\" is not a name"),
      ("receive: {peer: a, until: end, capture: {}}", "s.yaml:3: capture has 0 names; allowed: 1 to 16"),
      ("receive: {peer: a, until: end, capture: id}", "s.yaml:3: capture must have keys"),
      ("send: {peer: a, template: \"${id}\"}", "s.yaml:3: no step before it captures \"id\"; allowed: capture"),
      ("send: {peer: a, template: \"${id\"}", "s.yaml:3: \"${\" begins no name; allowed: ${NAME}, $${ for ${"),
      ("send: {peer: a, template: x, text: x}", "s.yaml:3: exactly one of these is required; allowed: text, template,"),
    ])
  func refused(step: String, message: String) {
    let error = #expect(throws: InputError.self) {
      try Scenario(yaml: "steps:\n- connect: a\n- \(step)", file: "s.yaml")
    }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }

  @Test("A value that only a later step captures is unknown")
  func order() {
    let late: [Step] = [
      .connect("a"), .send("a", Payload(.template("${b}"))), .receive("a", .end, capture: [Capture("b", "(x)")]),
    ]
    #expect(Scenario("late", steps: late).problem == "step 2: no step before it captures \"b\"; allowed: capture")
  }

  @Test(
    "Only ${name} is replaced in a template",
    arguments: [
      ("GET /${id}", "GET /7"), ("${id}${id}", "77"), ("$${id} {id} $id $", "${id} {id} $id $"), ("$$${id}", "$${id}"),
      ("", ""), ("{\"a\": {}}", "{\"a\": {}}"),
    ])
  func templates(text: String, filled: String) throws {
    #expect(String(decoding: Payload(.template(text)).filled(["id": [55]]).bytes, as: UTF8.self) == filled)
  }

  @Test("An expression sees each byte as a character, and nothing beyond its limit")
  func bytes() throws {
    #expect(try BytePattern(text: "b(.)").firstMatch(in: [0xC3, 98, 0xFF, 10])?.group == 2..<3)
    #expect(try BytePattern(text: "\\x{FF}\r\n").firstMatch(in: [0, 0xFF, 13, 10, 10])?.end == 4)
    #expect(try BytePattern(text: "b(x)?").firstMatch(in: [98]) == BytePattern.Match(end: 1, group: nil))
    let long = [UInt8](repeating: 97, count: Limits.searched) + [98]
    #expect(try BytePattern(text: "b").firstMatch(in: long) == nil)
    #expect(try BytePattern(text: "b").firstMatch(in: Array(long.dropFirst())) != nil)
  }

  @Test("A search that takes too long is given up, and not tried again")
  func slowSearch() {
    let (pattern, bytes) = (BytePattern(text: "(?:a+)+b"), [UInt8](repeating: 97, count: 27))
    #expect(throws: BytePattern.TooSlow.self) { try pattern.firstMatch(in: bytes) }
    let start = ContinuousClock.now
    #expect(throws: BytePattern.TooSlow.self) { try pattern.firstMatch(in: bytes) }
    #expect(ContinuousClock.now - start < .milliseconds(500))
  }
}

extension Judge {
  /// The scenario of the page about protocols, with servers that give random numbers.
  @Suite struct CapturedSessionTests {
    private static func server(_ mode: String...) -> Program {
      Program(words: ["python3", Script.path(of: "session_server.py"), "{port}"] + mode)
    }

    private static func documented() async throws -> Scenario {
      let page = try await Script.output("cat", ["\(Script.repository)/Sources/Diptych.docc/ParityKit/Protocols.md"])
      let block = try #require(page.split(separator: "```yaml\n").last)
      return try Scenario(yaml: String(block.prefix(upTo: try #require(block.firstRange(of: "```")).lowerBound)))
    }

    private static func judge(_ left: Program, _ right: Program) async throws -> Report {
      var comparison = Comparison(left, right, scenarios: [try await documented()])
      comparison.channels = [.wire]
      return await comparison.run()
    }

    @Test("Servers with random sessions that accept their own are the same")
    func randomSessions() async throws {
      let report = try await Self.judge(Self.server(), Self.server())
      #expect(report.verdict == .same, "\(report.text())")
      #expect(report.results.first?.vacuous == [])
      #expect(report.results.first?.masks.map(\.name) == ["{id}"])
    }

    @Test("A server that does not accept its own session is different")
    func forgottenSession() async throws {
      let report = try await Self.judge(Self.server(), Self.server("forgets"))
      #expect(report.verdict == .different)
      #expect(report.text().contains("unknown session"), "\(report.text())")
    }

    @Test("A value that nothing matches is empty, and the report warns of it")
    func missing() async throws {
      let steps: [Step] = [
        .connect("a"), .send("a", "LOGIN\r\n"), .receive("a", .regex("\r\n"), capture: [Capture("id", "number=(.)")]),
        .send("a", Payload(.template("GET${id}\r\n"))), .receive("a", .regex("\r\n")), .close("a"),
      ]
      let transcript = Self.server().play(Scenario("missing", steps: steps))
      #expect(
        transcript.vacuous == [
          "step 3: receive: {peer: a, regex: \"\\r\\n\", capture: {id: \"number=(.)\"}}: nothing matched, so ${id} is empty"
        ])
      #expect(transcript.connections.first?.events.contains(.received(Array("unknown session\r\n".utf8))) == true)
      #expect(transcript.connections.first?.events.contains(.sent("GET${id}\\r\\n")) == true)
    }

    @Test("A search that takes too long ends the run, which is not judged")
    func slowSearch() {
      let steps: [Step] = [.connect("a"), .send("a", "LOGIN\r\n"), .receive("a", .regex("(?:a+)+c")), .close("a")]
      let transcript = Self.server("slow-text").play(Scenario("slow", steps: steps))
      #expect(
        transcript.hang
          == "step 3: receive: {peer: a, regex: \"(?:a+)+c\"}: the search of the expression takes too long")
    }
  }
}
