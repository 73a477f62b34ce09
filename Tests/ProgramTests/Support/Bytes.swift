import Crowd

/// Bytes with a readable description, for the messages of failed tests.
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
  /// The pattern of RFC 864, made from its words and not from the engines' code: "On line N, put characters (0+N mod 95)
  /// through (71+N mod 95)", of the 95 printing characters in order; "End each line with carriage return and line feed."
  static func chargen(_ count: Int, fromLine first: Int = 0) -> Bytes {
    let ordered = (UInt8(ascii: " ")...UInt8(ascii: "~")).map { $0 }
    let lines = (first..<first + 95).map { line -> [UInt8] in (0...71).map { ordered[($0 + line) % 95] } + [13, 10] }
    let ring = Array(lines.joined())
    var bytes: [UInt8] = []
    while bytes.count < count { bytes += ring.prefix(count - bytes.count) }
    return Bytes(bytes)
  }

  /// Random bytes, NUL included; the same seed makes the same bytes.
  static func random(_ count: Int) -> Bytes {
    var generator = SplitMix64(seed: Seed.value)
    let words = (0..<(count + 7) / 8).map { _ in generator.next() }
    return Bytes(words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }.prefix(count))
  }
}
