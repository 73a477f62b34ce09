/// The result of a grid.
public struct GridReport: Sendable {
  /// One compared aspect of a pair.
  public struct Part: Hashable, Sendable {
    /// `client` or `server`.
    public let role: String
    public let finding: Finding
  }

  /// The result of one pair.
  public struct Cell: Hashable, Sendable {
    /// The indices of the programs.
    public let server: Int
    public let client: Int
    /// Empty if this pair, or the one that it is compared with, did not end.
    public let parts: [Part]
    /// Which program did not start or did not end.
    public let troubles: [String]
    public let hasHung: Bool

    public var verdict: Verdict { parts.isEmpty ? .notJudged : Verdict(of: parts.map(\.finding.verdict)) }

    /// Whether further runs can't change what was found.
    var isSettled: Bool {
      parts.allSatisfy { part in
        if case .same(let masks) = part.finding { return masks.allSatisfy(\.isSettled) }
        return part.finding.difference?.all.allSatisfy(\.isSettled) ?? true
      }
    }
  }

  public let servers: [Program]
  public let clients: [Program]
  public let input: Payload
  /// Each server with each client, in order.
  public let cells: [Cell]
  public let time: Duration

  public var verdict: Verdict { cells.isEmpty ? .notJudged : Verdict(of: cells.map(\.verdict)) }
}
