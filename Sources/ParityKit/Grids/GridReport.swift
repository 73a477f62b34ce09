/// What a grid comes to.
public struct GridReport: Sendable {
  /// One thing that is compared of a pair.
  public struct Part: Hashable, Sendable {
    /// `client` or `server`.
    public let who: String
    public let finding: Finding
  }

  /// What one pair comes to.
  public struct Cell: Hashable, Sendable {
    /// By number.
    public let server: Int
    public let client: Int
    /// Empty where the pair, or one that it is compared with, did not come to its end.
    public let parts: [Part]
    /// What did not start, or did not end.
    public let troubles: [String]
    public let hasHung: Bool

    /// A difference outweighs what could not be judged.
    public var verdict: Verdict {
      let verdicts = parts.map(\.finding.verdict)
      if verdicts.contains(.different) { return .different }
      return parts.isEmpty || verdicts.contains(.notJudged) ? .notJudged : .same
    }

    var isConfirmable: Bool { parts.contains { $0.finding.difference != nil } }
    var varies: Bool { parts.contains { $0.finding.difference?.note != nil } }
  }

  public let servers: [Program]
  public let clients: [Program]
  public let input: Payload
  /// Each server's with each client, in order.
  public let cells: [Cell]
  public let time: Duration

  /// A difference outweighs what could not be judged.
  public var verdict: Verdict {
    let verdicts = cells.map(\.verdict)
    if verdicts.contains(.different) { return .different }
    return cells.isEmpty || verdicts.contains(.notJudged) ? .notJudged : .same
  }
}
