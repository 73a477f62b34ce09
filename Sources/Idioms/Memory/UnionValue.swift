/// A setting: its kind, and the value that a setting of this kind has.
enum Setting {
  case number(Int32)
  case ratio(Float)
  case name(InlineArray<8, UInt8>)

  /// Encodes a setting: a byte for its kind, and its value with the last
  /// byte first.
  func encoded() -> [UInt8] {
    switch self {
    case .number(let number): [0] + Self.bytes(UInt32(bitPattern: number))
    case .ratio(let ratio): [1] + Self.bytes(ratio.bitPattern)
    case .name(let name): [2] + name.indices.map { name[$0] }
    }
  }

  private static func bytes(_ bits: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
  }
}
