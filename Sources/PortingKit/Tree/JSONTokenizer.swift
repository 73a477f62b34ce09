/// A token of JSON.
enum JSONToken: Equatable {
  case beginObject, endObject, beginArray, endArray
  case key(String)
  /// A string, or a number or literal as it is written.
  case text(String)
}

/// Splits JSON into tokens. The bytes come in pieces of any size, so that a tree of a hundred megabytes is never in
/// memory.
struct JSONTokenizer {
  private enum State { case between, string, escape, unicode, literal }

  private var state = State.between
  private var scalar: [UInt8] = []
  private var digits = 0
  private var unit: UInt32 = 0
  /// Whether each open container is an object.
  private var objects: [Bool] = []
  /// Whether the next string is a key.
  private var wantsKey = false

  /// How many containers are open.
  var depth: Int { objects.count }

  /// Whether the bytes end at the end of a value.
  var isComplete: Bool { objects.isEmpty && state == .between }

  mutating func take(_ bytes: [UInt8], _ body: (JSONToken) throws -> Void) throws {
    for byte in bytes {
      // Most of a tree is indentation.
      if byte == UInt8(ascii: " "), state == .between { continue }
      try take(byte, body)
    }
  }

  private mutating func take(_ byte: UInt8, _ body: (JSONToken) throws -> Void) throws {
    switch state {
    case .string:
      if byte == UInt8(ascii: "\"") {
        try end(isString: true, body)
      } else if byte == UInt8(ascii: "\\") {
        state = .escape
      } else {
        scalar.append(byte)
        if scalar.count > Limit.text { throw ReadError("JSON", "a string is longer than \(Limit.text) bytes") }
      }
    case .between: try takeBetween(byte, body)
    case .literal:
      if Self.endsLiteral(byte) {
        try end(isString: false, body)
        try takeBetween(byte, body)
      } else {
        scalar.append(byte)
      }
    case .escape: try takeEscape(byte)
    case .unicode: try takeUnicode(byte)
    }
  }

  private mutating func takeBetween(_ byte: UInt8, _ body: (JSONToken) throws -> Void) throws {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
    case UInt8(ascii: "\""): state = .string
    case UInt8(ascii: "{"):
      objects.append(true)
      wantsKey = true
      try body(.beginObject)
    case UInt8(ascii: "["):
      objects.append(false)
      wantsKey = false
      try body(.beginArray)
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      let isObject = byte == UInt8(ascii: "}")
      guard objects.popLast() == isObject else { throw ReadError("JSON", "a bracket has no partner") }
      wantsKey = false
      try body(isObject ? .endObject : .endArray)
    case UInt8(ascii: ","): wantsKey = objects.last == true
    case UInt8(ascii: ":"): wantsKey = false
    default:
      state = .literal
      scalar.append(byte)
    }
  }

  private mutating func end(isString: Bool, _ body: (JSONToken) throws -> Void) throws {
    let text = String(decoding: scalar, as: UTF8.self)
    scalar.removeAll(keepingCapacity: true)
    state = .between
    try body(isString && wantsKey ? .key(text) : .text(text))
  }

  private mutating func takeEscape(_ byte: UInt8) throws {
    state = .string
    switch byte {
    case UInt8(ascii: "n"): scalar.append(10)
    case UInt8(ascii: "t"): scalar.append(9)
    case UInt8(ascii: "r"): scalar.append(13)
    case UInt8(ascii: "b"): scalar.append(8)
    case UInt8(ascii: "f"): scalar.append(12)
    case UInt8(ascii: "u"): (state, digits, unit) = (.unicode, 0, 0)
    default: scalar.append(byte)
    }
  }

  private mutating func takeUnicode(_ byte: UInt8) throws {
    guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
      throw ReadError("JSON", "\\u needs four hexadecimal digits")
    }
    unit = unit << 4 | UInt32(digit)
    digits += 1
    if digits == 4 {
      // Half of a pair becomes U+FFFD: no name in C has such a character.
      scalar += Array(String(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8)
      state = .string
    }
  }

  private static func endsLiteral(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " "), UInt8(ascii: "\n"),
      UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: ":"):
      true
    default: false
    }
  }
}
