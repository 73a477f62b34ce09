/// A protocol of servers that has bundled scenarios.
public enum WireProtocol: String, Hashable, Sendable, CaseIterable {
  case http, smtp, redis
  /// A line for a line, as an echo or an ident server answers.
  case line

  /// Whole requests, requests in pieces, several at once, malformed ones, and connections that end early.
  public var scenarios: [Scenario] {
    switch self {
    case .http: HTTPScenarios.all
    case .smtp: SMTPScenarios.all
    case .redis: RedisScenarios.all
    case .line: LineScenarios.all
    }
  }

  /// The protocol that has this scenario.
  static func of(_ scenario: Scenario) -> WireProtocol? { allCases.first { $0.scenarios.contains(scenario) } }
}

extension [Step] {
  /// Milliseconds of idleness after which an answer is complete. A side that is silent is awaited longer.
  private static let silence = 60

  static func connected(_ peer: String) -> [Step] { [.connect(peer), .settle()] }

  /// Sends a request, and receives until the server is idle.
  static func ask(_ peer: String, _ request: Payload, _ pieces: Pieces = Pieces()) -> [Step] {
    [.send(peer, request, pieces), Scenario.expectSilence(peer, silence)]
  }

  /// Sends each request once the server has answered the one before it.
  static func ask(_ peer: String, each requests: [Payload]) -> [Step] { requests.flatMap { ask(peer, $0) } }
}

extension Payload {
  /// Lines that each end with CR and LF.
  static func lines(_ lines: String...) -> Payload { Payload(.text(lines.map { $0 + "\r\n" }.joined())) }

  /// One after the other; both are texts or bytes, without repetitions.
  static func + (first: Payload, second: Payload) -> Payload {
    if case .text(let head) = first.source, case .text(let tail) = second.source { return Payload(.text(head + tail)) }
    return Payload(.bytes(first.bytes + second.bytes))
  }

  /// A long text between two others.
  static func long(_ before: String, _ count: Int, _ after: String) -> Payload {
    Payload(.text(before + String(repeating: "x", count: count) + after))
  }

  /// Pieces that end where the payload's lines do.
  var byLine: Pieces {
    let bytes = self.bytes
    return Pieces(.at(bytes.indices.filter { bytes[$0] == 10 }.map { $0 + 1 }))
  }
}
