/// Random bytes, good enough for a key.
func randomBytes(_ count: Int) -> [UInt8] {
  var generator = SystemRandomNumberGenerator()
  return (0..<count).map { _ in
    UInt8.random(in: .min ... .max, using: &generator)
  }
}

/// Returns a random number below a limit, each with the same chance.
func randomBelow(_ limit: UInt32) -> UInt32 {
  UInt32.random(in: 0..<limit)
}
