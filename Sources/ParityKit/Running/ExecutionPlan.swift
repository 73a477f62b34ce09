/// A scenario's steps, with the start where it belongs.
struct ExecutionPlan {
  /// Each with its number in the scenario, from 1; a start that no step says has that of the step before it.
  let steps: [(number: Int, step: Step)]
  /// Somebody writes to standard input; else it is empty.
  let hasInput: Bool
  /// Somebody else takes the program's place, so that it may end before it listens.
  let occupies: Bool

  init(_ scenario: Scenario) {
    let all = Self.flat(scenario.steps)
    hasInput = all.contains {
      switch $0 {
      case .input, .endInput: true
      default: false
      }
    }
    occupies = all.contains(.occupy)
    let numbered = zip(1..., scenario.steps).map { (number: $0, step: $1) }
    if all.contains(.start) {
      steps = numbered
    } else {
      let isBefore = { (step: Step) in
        switch step {
        case .listen, .occupy: true
        default: false
        }
      }
      let before = scenario.role == .client ? scenario.steps.prefix(while: isBefore).count : 0
      steps = numbered[..<before] + [(before, .start)] + numbered[before...]
    }
  }

  private static func flat(_ steps: [Step]) -> [Step] {
    steps.flatMap { step in
      if case .repeated(_, let inner) = step { flat(inner) } else { [step] }
    }
  }
}
