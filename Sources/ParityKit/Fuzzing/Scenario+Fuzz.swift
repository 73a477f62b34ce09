extension Scenario {
  /// The scenario of that number, from 1, that follows from a seed: always the same, whoever asks for it.
  public static func fuzzed(_ role: Role = .server, seed: Int, number: Int) -> Scenario {
    // Each role has a stream of its own, so that one can change without the others.
    let stream = Role.allCases.firstIndex(of: role) ?? 0
    let draft = ScenarioGenerator(role, SeededRandom(seed: seed, number: number * Role.allCases.count + stream))
    return Scenario("fuzz-\(seed)-\(number)", role: role, steps: draft.steps)
  }
}
