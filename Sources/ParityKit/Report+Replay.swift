extension Report {
  /// The command line that judges one scenario again. One that is not bundled is read from a file of its name.
  func command(judging judgement: Judgement) -> String {
    let scenario = judgement.scenario
    let isBundled = Scenario.bundled(for: scenario.role).contains(scenario)
    let words =
      ["parity", "compare"]
      + (scenario.role == .server ? [] : ["--role", scenario.role.rawValue])
      + ["--left", left.description, "--right", right.description]
      + environment("--left-env", left) + environment("--right-env", right)
      + (channels == Channel.allCases ? [] : ["--channels", channels.map(\.rawValue).joined(separator: ",")])
      + (isBundled ? ["--only", scenario.name] : ["--scenario", "\(scenario.name).yaml"])
    return Program(words: words).description
  }

  private func environment(_ option: String, _ program: Program) -> [String] {
    program.environment.sorted { $0.key < $1.key }.flatMap { [option, "\($0.key)=\($0.value)"] }
  }
}
