/// The seed of all random data. It is random, too, unless the environment sets it to repeat a failed test.
enum Seed {
  static let name = "DIPTYCH_SEED"
  static let value = TestSystem.environment(name).flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64(UInt32.max))
}

/// Sebastiano Vigna's generator splitmix64.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
