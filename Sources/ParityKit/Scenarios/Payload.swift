/// The bytes to send, as a scenario describes them.
public struct Payload: Hashable, Sendable, ExpressibleByStringLiteral {
  public enum Source: Hashable, Sendable {
    case text(String)
    /// A text in which a captured value replaces `${name}`, and `${` replaces `$${`.
    case template(String)
    case bytes([UInt8])
    /// The contents of a file at the time of sending.
    case file(String)
  }

  public var source: Source
  /// How often the bytes are repeated.
  public var times: Int

  public init(_ source: Source, times: Int = 1) { (self.source, self.times) = (source, times) }

  public init(stringLiteral text: String) { self.init(.text(text)) }

  /// All bytes. A file that can't be read is empty here; reading the scenario rejects it.
  var bytes: [UInt8] {
    let once =
      switch source {
      case .text(let text), .template(let text): Array(text.utf8)
      case .bytes(let bytes): bytes
      case .file(let path): System.contents(of: path, atMost: Limits.payload) ?? []
      }
    if times == 1 { return once }
    var all: [UInt8] = []
    all.reserveCapacity(once.count * times)
    for _ in 0..<times { all += once }
    return all
  }

  /// The payload with captured values in place of their names.
  func filled(_ values: [String: [UInt8]]) -> Payload {
    guard case .template(let text) = source, let template = Template(text) else { return self }
    return Payload(.bytes(template.filled(values)), times: times)
  }

  /// The number of bytes.
  public var count: Int { times == 1 ? bytes.count : times * Payload(source).bytes.count }

  /// A short description.
  var summary: String {
    let (bytes, suffix) = (self.bytes, times == 1 ? "" : " ×\(times)")
    if bytes.count <= 24 { return visible(bytes[...]) }
    if case .file(let path) = source { return "\(path)\(suffix), \(bytes.count) bytes" }
    return "\(visible(bytes.prefix(12)))…, \(bytes.count) bytes"
  }
}

/// Bytes for a terminal: control characters and non-ASCII bytes as escapes of C.
func visible(_ bytes: ArraySlice<UInt8>) -> String {
  var text = ""
  for byte in bytes {
    switch byte {
    case 10: text += "\\n"
    case 13: text += "\\r"
    case 9: text += "\\t"
    case 0: text += "\\0"
    case 0x5C: text += "\\\\"
    case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
    default: text += "\\x" + hex(byte)
    }
  }
  return text
}

func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
