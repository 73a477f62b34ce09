/// Whether what a bundle shows is true here and now.
public enum Standing: String, Sendable {
  case stillTrue = "still true"
  case noLongerTrue = "no longer true"
  /// It could not be judged now.
  case notJudged = "not judged"

  /// Only "same" and "different" contradict each other.
  init(_ then: Verdict, _ now: Verdict) {
    let isContradiction = Set([then, now]) == [.same, .different]
    self = if then == now { .stillTrue } else { isContradiction ? .noLongerTrue : .notJudged }
  }

  /// What is no longer true outweighs what could not be judged.
  static func worst(_ all: [Standing]) -> Standing {
    if all.contains(.noLongerTrue) { return .noLongerTrue }
    return all.contains(.notJudged) ? .notJudged : .stillTrue
  }
}

/// One scenario of a bundle, then and now.
public struct VerifiedScenario: Sendable {
  struct Cell {
    let channel: Channel
    let then: Finding
    /// Nil if the scenario was not played.
    let now: Finding?
    /// Whether the finding decides a verdict.
    let decides: Bool

    var standing: Standing {
      guard decides else { return .stillTrue }
      guard let now, now.isJudged || !then.isJudged else { return .notJudged }
      return Standing(then.verdict, now.verdict)
    }
  }

  public let name: String
  let cells: [Cell]
  /// What each program does otherwise than then.
  var left: [SideComparison.Change] = []
  var right: [SideComparison.Change] = []
  /// Why the scenario could not be played.
  let troubles: [String]
  /// The command line that plays it.
  let replay: String?

  init(_ then: ScenarioResult, _ now: ScenarioResult?, strictCalls: Bool, otherwise: [String]) {
    name = then.scenario.name
    cells = then.cells.map { cell in
      Cell(
        channel: cell.channel, then: cell.finding,
        now: now?.cells.first { $0.channel == cell.channel }?.finding, decides: cell.channel != .calls || strictCalls)
    }
    troubles = now?.troubles ?? otherwise
    replay = now?.replay
  }

  /// Whether both programs do otherwise than then, in the same way: not the programs have changed, but what is around
  /// them.
  var haveChangedAlike: Bool { !left.isEmpty && Set(left.map(\.cause)) == Set(right.map(\.cause)) }

  /// The verdict per channel, and that each program does what it did.
  public var standing: Standing {
    let isOtherwise = !(left.isEmpty && right.isEmpty) && !haveChangedAlike
    return Standing.worst(cells.map(\.standing) + [isOtherwise ? .noLongerTrue : .stillTrue])
  }
}
