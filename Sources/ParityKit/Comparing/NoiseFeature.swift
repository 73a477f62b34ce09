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

/// Names for noise in a report.
enum NoiseName {
  /// A name such as `{pid}`, `{date}`, `{hex}` or `{number}`, from the values and the text before them.
  static func name(of gap: Gap, after before: String) -> String {
    let values = (gap.left + gap.right).map { $0.flatMap(\.bytes) }.filter { !$0.isEmpty }
    let kinds = Set(values.joined().map(NoiseFeature.ByteClass.init))
    let hexadecimal: Set<NoiseFeature.ByteClass> = [.digit, .lowerHexadecimal, .upperHexadecimal]
    if kinds == [.digit] {
      if isTime(before) { return "{date}" }
      let isProcess = before.hasSuffix("[") || before.suffix(8).lowercased().contains("pid")
      return isProcess ? "{pid}" : "{number}"
    }
    if isTime(before), kinds.isSubset(of: [.digit, .punctuation]) { return "{date}" }
    if kinds.isSubset(of: hexadecimal), (values.map(\.count).min() ?? 0) >= 4 { return "{hex}" }
    let isPlain = kinds.isDisjoint(with: [.other, .control])
    return isPlain && !kinds.contains(.punctuation) && !kinds.isEmpty ? "{word}" : "{varies}"
  }

  /// Whether the text ends in the middle of a date or a time of day.
  private static func isTime(_ before: String) -> Bool {
    let end = before.suffix(24)
    return end.contains(/\d\d:$/) || end.contains(/\d\d\d\d-(\d\d-)?$/)
      || end.contains(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), $/)
      || end.contains(/\d\d:\d\d\.$/)
  }
}
