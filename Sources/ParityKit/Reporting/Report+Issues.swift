extension Report {
  /// Why the verdict is not `same`: each difference or failure once, with both sides aligned and the command line that
  /// repeats it. Empty if the programs are the same.
  public var issues: [String] {
    var issues: [String] = []
    for group in groups where group.finding.verdict != .same {
      let result = results[group.scenarios[0]]
      let head = "\(result.scenario.name) · \(group.title) \(group.finding.phrase)\(group.difference.position)"
      let others = group.scenarios.dropFirst().map { results[$0].scenario.name }
      let more = others.isEmpty ? [] : ["  the same in \(others.joined(separator: ", "))"]
      let lines = [head] + group.difference.aligned() + more + replayLines(result)
      issues.append(lines.joined(separator: "\n"))
    }
    for trouble in results.flatMap(\.troubles).distinct {
      guard let result = results.first(where: { $0.troubles.contains(trouble) }) else { continue }
      issues.append((["\(result.scenario.name): \(trouble)"] + replayLines(result)).joined(separator: "\n"))
    }
    issues += stale.map { "the mask \"\($0.pattern)\" (\($0.channel)) no longer applies: remove it" }
    if issues.isEmpty, verdict != .same { issues.append("nothing was compared") }
    return issues
  }

  /// A scenario that is not bundled is included, so that it can be put into a file.
  private func replayLines(_ result: ScenarioResult) -> [String] {
    let scenario = result.scenario
    let lines = result.replay.map { ["  replay with: \($0)"] } ?? []
    if Scenario.bundled(for: scenario.role).contains(scenario) { return lines }
    return lines + ["  where \(scenario.name).yaml is:"]
      + scenario.yaml.split(separator: "\n").map { "    \($0)" }
  }
}
