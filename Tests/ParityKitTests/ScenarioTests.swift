import ParityKit
import Testing

/// Scenarios are printed and read as YAML.
struct ScenarioTests {
  static let everyStep = Scenario(
    "every step", role: .client, about: "All kinds: \"quoted\", \\ and \u{7}.",
    steps: [
      .start, .occupy, .listen(), .listen(backlog: 0), .connect("a"), .connect("b", Manner(window: 1, reads: false)),
      .accept("end"), .accept("c 1", Manner(reads: false)), .send("a", "hello\n\u{e9}\0"),
      .send("a", Payload(.bytes([0, 1, 255]), times: 3), Pieces(.everyByte)),
      .send("a", "x", Pieces(.at([1, 2]), pause: 20, urgent: true)), .halfClose("a"), .close("b"), .reset("c 1"),
      .receive("a", .count(5)), .receive("a", .pattern("\r\n"), within: 10), .receive("a", .end),
      .receive("a", .nothing(milliseconds: 100)), .input("end"), .input(""), .endInput, .signal(.user1),
      .waitForExit(), .waitForExit(within: 20), .settle(), .settle(milliseconds: 5),
      .repeated(times: 3, [.connect("a"), .repeated(times: 2, [.settle()]), .close("a")]),
    ])

  @Test(
    "A scenario that is printed and read again is equal",
    arguments: Role.allCases.flatMap { Scenario.bundled(for: $0) } + [everyStep])
  func printing(scenario: Scenario) throws {
    #expect(try Scenario(yaml: scenario.yaml) == scenario, "\(scenario.yaml)")
  }

  @Test("The bundled scenarios of a role have distinct names")
  func bundledNames() {
    for role in Role.allCases {
      let names = Scenario.bundled(for: role).map(\.name)
      #expect(Set(names).count == names.count)
      #expect(Scenario.bundled(for: role).allSatisfy { $0.role == role })
    }
  }

  @Test(
    "An invalid scenario is reported with its line",
    arguments: [
      ("steps:\n  - conect: a", "s.yaml:2: a step has no \"conect\"; allowed: start, occupy, connect,"),
      ("name: x", "s.yaml:1: a scenario needs steps; allowed: name, role, about, replay, steps"),
      ("role: sever\nsteps: []", "s.yaml:1: role can't be \"sever\"; allowed: server, client, filter"),
      ("steps:\n  - start\n  - signal: TREM", "s.yaml:3: signal can't be \"TREM\"; allowed: HUP, INT,"),
      (
        "steps:\n- connect: client\n- send: {peer: Client, text: x}",
        "s.yaml:3: no step before send connects \"Client\"; allowed: client"
      ),
      (
        "steps:\n- repeat:\n    times: 2\n    steps:\n    - close: a",
        "s.yaml:5: no step before close connects \"a\"; allowed: connect, accept"
      ),
      (
        "steps:\n- start\n- accept: a",
        "s.yaml:3: accept does nothing in a scenario for a server; allowed: start, occupy, connect, send,"
      ),
      (
        "role: filter\nsteps:\n- connect: a",
        "s.yaml:3: connect does nothing in a scenario for a filter; allowed: start, input, signal,"
      ),
      ("role: client\nsteps:\n- accept: a", "s.yaml:3: no step before accept listens; allowed: listen"),
      ("steps:\n- connect: a\n- receive: {peer: a, pattern: ''}", "s.yaml:3: the pattern must not be empty"),
      ("steps:\n- send: {text: x}", "s.yaml:2: the peer is missing: peer: NAME"),
      ("steps:\n- send: {peer: a}", "s.yaml:2: exactly one of these is required; allowed: text, template, hex, file"),
      ("steps:\n- send: {peer: a, hex: 0g}", "s.yaml:2: hex has \"0g\"; allowed: pairs of 0 to 9 and a to f"),
      ("steps:\n- send: {peer: a, file: none}", "s.yaml:2: none can't be read"),
      ("steps:\n- send: {peer: a, text: x, split: all}", "s.yaml:2: split can't be \"all\"; allowed: every-byte,"),
      (
        "steps:\n- receive: {peer: a}",
        "s.yaml:2: receive needs exactly one of these; allowed: count, pattern, regex, until, nothing"
      ),
      ("steps:\n- receive: {peer: a, count: 0}", "s.yaml:2: count must be a number; allowed: 1 to"),
      ("steps:\n- settle: soon", "s.yaml:2: settle must be a number; allowed: 0 to"),
      ("steps:\n- repeat: {times: 10001, steps: []}", "s.yaml:2: times must be a number; allowed: 1 to 10000"),
      ("steps:\n- repeat: {times: 10000, steps: [start, settle]}", "s.yaml:2: a scenario has at most 10000 steps"),
      ("steps: [", "s.yaml:"), ("", "s.yaml:1: the file is empty"), ("steps:\n- 5", "s.yaml:2: unknown step \"5\""),
    ])
  func invalidScenarios(yaml: String, message: String) {
    let error = #expect(throws: InputError.self) { try Scenario(yaml: yaml, file: "s.yaml") }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }

  @Test("A signal may have its full name")
  func signalNames() throws {
    let scenario = try Scenario(yaml: "steps:\n- signal: SIGTERM\n- signal: TERM")
    #expect(scenario.steps == [.signal(.terminate), .signal(.terminate)])
  }

  @Test("A file may have several scenarios, as parity scenarios --yaml prints them")
  func documents() async throws {
    try await Script.inFolder { folder in
      for role in Role.allCases {
        let words = [try await Script.product("parity"), role.rawValue, "\(folder)/all.yaml"]
        _ = try await Script.output("sh", ["-c", "\"$1\" scenarios --yaml --role \"$2\" > \"$3\"", "-"] + words)
        #expect(try Scenario.load("\(folder)/all.yaml") == Scenario.bundled(for: role))
      }
    }
  }

  @Test(
    "A command line is split into words as in a shell",
    arguments: [
      ("a b  c", ["a", "b", "c"]), ("a 'b c' \"d e\"", ["a", "b c", "d e"]), ("a\\ b ''", ["a b", ""]),
      ("\"a\\\"b\\n\" 'c\\d'", ["a\"b\\n", "c\\d"]), ("TCP-LISTEN:{port},fork", ["TCP-LISTEN:{port},fork"]),
    ])
  func commandLines(line: String, words: [String]) throws {
    let program = try Program(line)
    #expect(program.words == words)
    #expect(try Program(program.description).words == words)
  }

  @Test("An invalid command line is rejected", arguments: ["", "  ", "a 'b", "a \"b", "a\\"])
  func invalidCommandLines(line: String) {
    #expect(throws: Program.Malformed.self) { try Program(line) }
  }
}
