/// A reproducible random generator: SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators,
/// 2014). `--seed` promises its numbers and their use: a change of either changes every scenario.
struct SeededRandom {
  private var state: UInt64

  /// Seeds the generator from a seed and a number.
  init(seed: Int, number: Int) {
    state = Self.mixed(UInt64(bitPattern: Int64(seed))) &+ UInt64(bitPattern: Int64(number)) &* 0xD1B5_4A32_D192_ED03
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// A number from 0 to the limit, exclusive. For limits this small the bias is below 1 in 10^18.
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  /// True with this probability in percent.
  mutating func happens(_ percent: Int) -> Bool { below(100) < percent }

  mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

  /// One of the values, with a probability in proportion to its weight.
  mutating func pick<Value>(_ values: [(weight: Int, value: Value)]) -> Value {
    var rest = below(values.reduce(0) { $0 + $1.weight })
    for (weight, value) in values {
      if rest < weight { return value }
      rest -= weight
    }
    return values[values.count - 1].value
  }
}
