/// The long rounds of `make test-long`. `make test` runs the same tests with fewer repetitions.
enum LongRounds {
  /// Whether `DIPTYCH_LONG` is set.
  static let areOn = TestSystem.environment("DIPTYCH_LONG") != nil

  /// The number of repetitions.
  static func count(_ long: Int, otherwise short: Int) -> Int { areOn ? long : short }
}
