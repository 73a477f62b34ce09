// Received bytes as text for a terminal.

extension SwiftEngine {
  /// Returns the length of the character at the start of the bytes; or 0 if it is ASCII, a control character (U+0080 to
  /// U+009F), or not well-formed UTF-8 (Unicode, table 3-7).
  static func utf8Length(_ bytes: Span<UInt8>) -> Int {
    let first = bytes[0]
    let second: ClosedRange<UInt8>
    let length: Int
    switch first {
    case 0xC2: (length, second) = (2, 0xA0...0xBF)  // U+0080 to U+009F are control characters
    case 0xC3...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)  // U+D800 to U+DFFF are surrogates
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)  // U+10FFFF is the last character
    default: return 0
    }
    guard bytes.count >= length, second.contains(bytes[1]) else { return 0 }
    return (2..<length).allSatisfy { bytes[$0] & 0xC0 == 0x80 } ? length : 0
  }

  /// Whether a character controls the direction of its neighbours, so that a terminal shows them in another order
  /// (Unicode Standard Annex 9, Bidi_Control): U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069.
  private static func controlsDirection(_ bytes: Span<UInt8>) -> Bool {
    switch (bytes[0], bytes[1]) {
    case (0xD8, let last): last == 0x9C
    case (0xE2, 0x80): bytes[2] == 0x8E || bytes[2] == 0x8F || (0xAA...0xAE).contains(bytes[2])
    case (0xE2, 0x81): (0xA6...0xA9).contains(bytes[2])
    default: false
    }
  }

  /// vis(3) without flags writes `\^C`, `\M-c`, `\M^C`, and octal numbers for NUL, backslash and 0xA0.
  private static func appendVis(_ byte: UInt8, to shown: inout [UInt8]) {
    let (backslash, caret) = (UInt8(ascii: "\\"), UInt8(ascii: "^"))
    switch byte {
    case UInt8(ascii: "\t"), UInt8(ascii: "\n"):
      shown.append(byte)
    case 0, 0xA0, backslash:
      shown += [backslash] + [6, 3, 0].map { UInt8(ascii: "0") + (byte >> $0 & 7) }
    case 0x20..<0x7F:
      shown.append(byte)
    case 0..<0x20, 0x7F:
      shown += [backslash, caret, byte ^ 0x40]
    default:
      let low = byte & 0x7F
      let isControl = low < 0x20 || low == 0x7F
      shown += [backslash, UInt8(ascii: "M"), isControl ? caret : UInt8(ascii: "-"), isControl ? low ^ 0x40 : low]
    }
  }

  public static func vis(_ bytes: Span<UInt8>) -> [UInt8] {
    var shown: [UInt8] = []
    var i = 0
    while i < bytes.count {
      let rest = bytes.extracting(droppingFirst: i)
      let length = utf8Length(rest)
      let isShown = length > 0 && !controlsDirection(rest)
      if isShown {
        for byte in i..<i + length { shown.append(bytes[byte]) }
      } else {
        appendVis(bytes[i], to: &shown)
      }
      i += isShown ? length : 1
    }
    return shown
  }

  public static func messageText(_ message: Span<UInt8>) -> [UInt8] {
    "Here is the message: ".utf8 + vis(message) + [UInt8(ascii: "\n")]
  }
}
