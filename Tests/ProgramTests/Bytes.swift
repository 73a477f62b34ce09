// Bytes as the tests hold them, and where they come from.

/// Bytes that a failing test prints so that they can be read.
struct Bytes: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  let array: [UInt8]

  init(_ bytes: some Sequence<UInt8>) { array = Array(bytes) }

  init(stringLiteral text: String) { array = Array(text.utf8) }

  var count: Int { array.count }

  var description: String {
    let shown = array.prefix(80).map { byte in
      switch byte {
      case 0x20..<0x7F where byte != UInt8(ascii: "\\"): String(UnicodeScalar(byte))
      default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return "\(count) bytes \"\(shown.joined())\(count > shown.count ? "…" : "")\""
  }

  static func + (left: Bytes, right: Bytes) -> Bytes { Bytes(left.array + right.array) }
}

extension Bytes {
  /// RFC 864's pattern, by its words and not by our code: "On line N, put characters (0+N mod 95) through (71+N mod
  /// 95)", of the 95 printing ones in their order; "End each line with carriage return and line feed."
  static func chargen(_ count: Int, fromLine first: Int = 0) -> Bytes {
    let ordered = (UInt8(ascii: " ")...UInt8(ascii: "~")).map { $0 }
    let lines = (first..<first + 95).map { line -> [UInt8] in (0...71).map { ordered[($0 + line) % 95] } + [13, 10] }
    let ring = Array(lines.joined())
    var bytes: [UInt8] = []
    while bytes.count < count { bytes += ring.prefix(count - bytes.count) }
    return Bytes(bytes)
  }

  /// Bytes of every value, NUL included; the same ones again for the same seed.
  static func random(_ count: Int) -> Bytes {
    var generator = SplitMix(state: Seed.value)
    let words = (0..<(count + 7) / 8).map { _ in generator.next() }
    return Bytes(words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }.prefix(count))
  }
}

/// What random data comes of.
enum Seed {
  static let name = "DIPTYCH_SEED"
  static let value = System.environment(name).flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64(UInt32.max))
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
