extension Scenario {
  /// Generates the scenario of a number, from 1, that follows from a seed. The result is always the same.
  public static func fuzzed(_ role: Role = .server, seed: Int, number: Int) -> Scenario {
    // Each role has its own random numbers, so that a change to one does not affect the others.
    let stream = roles.firstIndex(of: role) ?? roles.count
    let generator = ScenarioGenerator(role, SeededRandom(seed: seed, number: number * roles.count + stream))
    return Scenario("fuzz-\(seed)-\(number)", role: role, steps: generator.steps)
  }

  /// In this order, and with this number of random streams, a seed gives what it always gave.
  private static let roles: [Role] = [.server, .client, .filter]
}
