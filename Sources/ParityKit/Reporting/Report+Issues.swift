extension Report {
  /// Why the verdict is not `same`: each difference or failure once, with both sides aligned and the command line that
  /// repeats it. Empty if the programs are the same.
  public var complaints: [String] {
    var complaints: [String] = []
    for group in groups where group.finding.verdict != .same {
      let judgement = judgements[group.scenarios[0]]
      let trace = group.difference.trace == group.channel.rawValue ? "" : " · \(group.difference.trace)"
      let head =
        "\(judgement.scenario.name) · \(group.channel.rawValue)\(trace) \(group.finding.phrase)\(group.difference.place)"
      let others = group.scenarios.dropFirst().map { judgements[$0].scenario.name }
      let more = others.isEmpty ? [] : ["  the same in \(others.joined(separator: ", "))"]
      let lines = [head] + group.difference.aligned() + more + again(judgement)
      complaints.append(lines.joined(separator: "\n"))
    }
    for trouble in judgements.flatMap(\.troubles).distinct {
      guard let judgement = judgements.first(where: { $0.troubles.contains(trouble) }) else { continue }
      complaints.append((["\(judgement.scenario.name): \(trouble)"] + again(judgement)).joined(separator: "\n"))
    }
    complaints += stale.map { "the mask \"\($0.pattern)\" (\($0.channel)) no longer happens: remove it" }
    if complaints.isEmpty, verdict != .same { complaints.append("nothing was compared") }
    return complaints
  }

  /// A scenario that is not bundled is included, so that it can be put into a file.
  private func again(_ judgement: ScenarioResult) -> [String] {
    let scenario = judgement.scenario
    let lines = judgement.replay.map { ["  replay with: \($0)"] } ?? []
    if Scenario.bundled(for: scenario.role).contains(scenario) { return lines }
    return lines + ["  where \(scenario.name).yaml is:"]
      + scenario.yaml.split(separator: "\n").map { "    \($0)" }
  }
}
