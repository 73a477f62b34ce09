extension Report {
  /// Warnings of steps that did nothing on either side. Generated scenarios have many of them.
  var vacuousLines: [String] {
    results.filter { $0.number == nil }.flatMap { result in
      result.vacuous.map { "warning: \(result.scenario.name), \($0), on either side" }
    }
  }
}
