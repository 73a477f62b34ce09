/// The steps of a scenario, including the start of the program if no step says it.
struct ExecutionPlan {
  /// Each step and its number in the scenario, from 1. An implicit start has the number of the step before it.
  let steps: [(number: Int, step: Step)]
  /// Whether a step writes to standard input; otherwise it is empty.
  let hasInput: Bool
  /// Whether a step occupies the program's port or path, so that the program may end before it listens.
  let occupies: Bool

  init(_ scenario: Scenario) {
    let all = scenario.steps.flatMap(\.flat)
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
      let before = [.client, .proxy].contains(scenario.role) ? scenario.steps.prefix(while: isBefore).count : 0
      steps = numbered[..<before] + [(before, .start)] + numbered[before...]
    }
  }
}
