internal import Formats

extension JSON {
  /// Parses JSON (RFC 8259). `file` names it in errors.
  init(reading text: String, file: String) throws(InputError) {
    var reader = Reader(bytes: Array(text.utf8), file: file)
    self = try reader.value(depth: 0)
    reader.skipSpace()
    if reader.byte != nil { throw reader.refused("unexpected text after the end") }
  }

  private struct Reader {
    let bytes: [UInt8]
    let file: String
    var index = 0

    var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    func refused(_ what: String) -> InputError {
      let line = 1 + bytes[..<min(index, bytes.count)].count { $0 == 10 }
      return InputError(file: file, line: line, what: "invalid JSON: \(what)", allowed: [])
    }

    mutating func skipSpace() { while let byte, [9, 10, 13, 32].contains(byte) { index += 1 } }

    mutating func take(_ text: StaticString, as value: JSON) throws(InputError) -> JSON {
      let wanted = Array("\(text)".utf8)
      guard bytes[index...].starts(with: wanted) else { throw refused("unknown word") }
      index += wanted.count
      return value
    }

    mutating func value(depth: Int) throws(InputError) -> JSON {
      if depth > Limits.depth { throw refused("nested deeper than \(Limits.depth)") }
      skipSpace()
      switch byte {
      case UInt8(ascii: "{"): return try object(depth)
      case UInt8(ascii: "["): return try list(depth)
      case UInt8(ascii: "\""): return .text(try text())
      case UInt8(ascii: "t"): return try take("true", as: .flag(true))
      case UInt8(ascii: "f"): return try take("false", as: .flag(false))
      case UInt8(ascii: "n"): return try take("null", as: .null)
      case nil: throw refused("unexpected end of the file")
      default: return .number(try number())
      }
    }

    /// Reports contain only integers.
    private mutating func number() throws(InputError) -> Int {
      let digits = bytes[index...].prefix { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
      guard let number = Int(String(decoding: digits, as: UTF8.self)) else { throw refused("not an integer") }
      index += digits.count
      if let byte, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(byte) {
        throw refused("not an integer")
      }
      return number
    }

    /// Whether another value follows.
    private mutating func hasMore(until close: UInt8) throws(InputError) -> Bool {
      skipSpace()
      defer { index += 1 }
      if byte == close { return false }
      guard byte == UInt8(ascii: ",") else { throw refused("a comma or a closing bracket is missing") }
      return true
    }

    private mutating func isEmpty(until close: UInt8) -> Bool {
      index += 1
      skipSpace()
      if byte != close { return false }
      index += 1
      return true
    }

    private mutating func list(_ depth: Int) throws(InputError) -> JSON {
      if isEmpty(until: UInt8(ascii: "]")) { return .list([]) }
      var values: [JSON] = []
      repeat { values.append(try value(depth: depth + 1)) } while try hasMore(until: UInt8(ascii: "]"))
      return .list(values)
    }

    private mutating func object(_ depth: Int) throws(InputError) -> JSON {
      if isEmpty(until: UInt8(ascii: "}")) { return .object([]) }
      var fields: [(String, JSON)] = []
      repeat {
        skipSpace()
        guard byte == UInt8(ascii: "\"") else { throw refused("a quoted name is missing") }
        let name = try text()
        skipSpace()
        guard byte == UInt8(ascii: ":") else { throw refused("a colon is missing") }
        index += 1
        fields.append((name, try value(depth: depth + 1)))
      } while try hasMore(until: UInt8(ascii: "}"))
      return .object(fields)
    }

    private mutating func text() throws(InputError) -> String {
      index += 1
      var units: [UInt8] = []
      while true {
        guard let byte, byte >= 0x20 else { throw refused("unterminated string") }
        index += 1
        if byte == UInt8(ascii: "\"") { return String(decoding: units, as: UTF8.self) }
        units += byte == UInt8(ascii: "\\") ? try escaped() : [byte]
      }
    }

    private mutating func escaped() throws(InputError) -> [UInt8] {
      let plain: [UInt8: UInt8] = [34: 34, 92: 92, 47: 47, 98: 8, 102: 12, 110: 10, 114: 13, 116: 9]
      guard let byte else { throw refused("unterminated string") }
      index += 1
      if let known = plain[byte] { return [known] }
      guard byte == UInt8(ascii: "u") else { throw refused("unknown escape") }
      var value = try unit()
      // A character beyond 16 bits is a surrogate pair.
      if (0xD800..<0xDC00).contains(value), bytes[index...].starts(with: Array("\\u".utf8)) {
        index += 2
        value = 0x10000 + ((value & 0x3FF) << 10) + (try unit() & 0x3FF)
      }
      guard let scalar = Unicode.Scalar(value) else { throw refused("unpaired surrogate") }
      return Array(String(scalar).utf8)
    }

    private mutating func unit() throws(InputError) -> UInt32 {
      let digits = bytes[index...].prefix(4)
      guard digits.count == 4, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
        throw refused("unknown escape")
      }
      index += 4
      return value
    }
  }
}
