/// What can be the same in several values of noise: its shape.
enum NoiseFeature: Hashable, CustomStringConvertible {
  /// The number of bytes.
  case length(Int)
  /// The value contains a byte of this class.
  case kind(ByteClass)
  /// The byte at this place, counted from the beginning, or from the end.
  case byte(Int, UInt8)
  case byteFromEnd(Int, UInt8)
  /// The value contains this word.
  case word(ArraySlice<UInt8>)

  enum ByteClass: String {
    case digit = "digits"
    case lowerHexadecimal = "letters a to f"
    case upperHexadecimal = "letters A to F"
    case lowerLetter = "letters g to z"
    case upperLetter = "letters G to Z"
    case punctuation
    case control = "control characters"
    case other = "bytes above 127"

    init(_ byte: UInt8) {
      switch byte {
      case 0x30...0x39: self = .digit
      case 0x61...0x66: self = .lowerHexadecimal
      case 0x41...0x46: self = .upperHexadecimal
      case 0x67...0x7A: self = .lowerLetter
      case 0x47...0x5A: self = .upperLetter
      case 0x80...: self = .other
      case 0x20...0x7E: self = .punctuation
      default: self = .control
      }
    }
  }

  /// The features of one value. Places are compared up to a limit that a single line does not reach.
  static func all(_ value: [Token], fromEnd: Bool) -> Set<NoiseFeature> {
    let bytes = value.flatMap(\.bytes)
    var features: Set<NoiseFeature> = [.length(bytes.count)]
    for byte in bytes { features.insert(.kind(ByteClass(byte))) }
    for (place, byte) in bytes.prefix(Limits.line).enumerated() { features.insert(.byte(place, byte)) }
    if fromEnd {
      for (place, byte) in bytes.reversed().prefix(Limits.line).enumerated() {
        features.insert(.byteFromEnd(place, byte))
      }
    }
    for token in value where token.byteCount > 1 && !token.isNumber { features.insert(.word(token.bytes)) }
    return features
  }

  /// The text in a report.
  var description: String {
    switch self {
    case .length(let count): "\(count) bytes"
    case .kind(let kind): kind.rawValue
    case .byte(let place, let byte): "\(quoted(byte)) as byte \(place + 1)"
    case .byteFromEnd(let place, let byte): "\(quoted(byte)) as byte \(place + 1) from the end"
    case .word(let bytes): "\"\(visible(bytes))\""
    }
  }

  private func quoted(_ byte: UInt8) -> String { "\"\(visible([byte]))\"" }
}
