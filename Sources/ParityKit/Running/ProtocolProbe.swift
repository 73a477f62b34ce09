/// Which protocol a server shows: by its greeting, or by its answers to a line and to a request of HTTP.
public struct ProtocolProbe: Hashable, Sendable {
  public let shown: WireProtocol
  /// What the server sent, for the report.
  public let reason: String

  /// The greeting and the answer to the line arrive at `a`, the answer to HTTP at `b`.
  static let scenario = Scenario(
    "probe",
    steps: [
      .connect("a"), .receive("a", .nothing(milliseconds: 300)), .send("a", "PING\r\n"),
      .receive("a", .nothing(milliseconds: 200)), .close("a"), .connect("b"), .settle(),
      .send("b", "GET / HTTP/1.0\r\n\r\n"), .receive("b", .end, within: 300), .close("b"),
    ])

  /// Two servers that show different protocols.
  public struct Disagreement: Error, Hashable, Sendable, CustomStringConvertible {
    public let left: ProtocolProbe
    public let right: ProtocolProbe

    public var description: String {
      "the left side shows \(left.shown.rawValue) (\(left.reason)), the right side \(right.shown.rawValue) "
        + "(\(right.reason))"
    }
  }

  /// Starts each side once, and returns what both show; nil if a side does not start.
  ///
  /// - Throws: `Disagreement` if they show different protocols.
  public static func choose(
    _ left: Program, _ right: Program, timeout: Duration
  ) async throws(Disagreement) -> (left: ProtocolProbe, right: ProtocolProbe)? {
    let pool = BlockingPool(2)
    async let first = pool.run { Self(left, timeout) }
    async let second = pool.run { Self(right, timeout) }
    guard let first = await first, let second = await second else { return nil }
    if first.shown != second.shown { throw Disagreement(left: first, right: second) }
    return (first, second)
  }

  private init?(_ program: Program, _ timeout: Duration) {
    let transcript = System.withoutSIGPIPE {
      try? ScenarioRun(program, role: .server, timeout: timeout).play(Self.scenario, within: .endless)
    }
    guard let transcript, transcript.trouble == nil else { return nil }
    let connections = transcript.connections.map { $0.events.flatMap(\.bytes) }
    let first = transcript.connections.first?.events ?? []
    let greeting = first.prefix { if case .sent = $0 { false } else { true } }.flatMap(\.bytes)
    self.init(
      greeting: greeting, answer: Array((connections.first ?? []).dropFirst(greeting.count)),
      http: connections.dropFirst().first ?? [])
  }

  /// Chooses by what the server sent on its own, and by its answers to PING and to GET.
  init(greeting: [UInt8], answer: [UInt8], http: [UInt8]) {
    func shows(_ bytes: [UInt8], _ text: String) -> Bool { bytes.starts(with: text.utf8) }
    func line(_ bytes: [UInt8]) -> String { "\"" + visible(bytes.prefix { $0 != 13 && $0 != 10 }.prefix(40)) + "\"" }
    if shows(greeting, "220 ") || shows(greeting, "220-") {
      (shown, reason) = (.smtp, "it greets with \(line(greeting))")
    } else if shows(http, "HTTP/") {
      (shown, reason) = (.http, "it answers GET with \(line(http))")
    } else if shows(answer, "+PONG") {
      (shown, reason) = (.redis, "it answers PING with \(line(answer))")
    } else {
      (shown, reason) = (.line, "it answers PING with \(answer.isEmpty ? "nothing" : line(answer))")
    }
  }
}

extension Connection.Event {
  fileprivate var bytes: [UInt8] { if case .received(let bytes) = self { bytes } else { [] } }
}
