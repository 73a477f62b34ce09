/// The seed of all random data. It is random, too, unless the environment sets it to repeat a failed test.
enum Seed {
  static let name = "DIPTYCH_SEED"
  static let value = TestSystem.environment(name).flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64(UInt32.max))
}
