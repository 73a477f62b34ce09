extension Report {
  /// Warnings of steps that did nothing on either side.
  var vacuousLines: [String] {
    results.flatMap { result in result.warnings.map { "warning: \(result.scenario.name), \($0)" } }
  }
}

extension ScenarioResult {
  /// Warnings of steps that did nothing. Generated scenarios have many of them.
  var warnings: [String] { number == nil ? vacuous.map { "\($0), on either side" } : [] }
}
