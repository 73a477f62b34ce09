/// The header of a message, which is in network byte order on the wire.
struct WireHeader: Equatable {
  static let size = 8

  var length: UInt32
  var kind: UInt16
  var flags: UInt16
}

extension WireHeader {
  /// Parses the header at an offset of received bytes, which need not be
  /// aligned. Returns nil if it is not complete.
  init?(_ bytes: Span<UInt8>, at offset: Int) {
    guard offset >= 0, offset <= bytes.count,
      bytes.count - offset >= Self.size
    else { return nil }
    length = bigEndian(bytes, at: offset)
    kind = bigEndian(bytes, at: offset + 4)
    flags = bigEndian(bytes, at: offset + 6)
  }
}

/// Loads a number whose first byte is the highest one.
private func bigEndian<Number: FixedWidthInteger>(
  _ bytes: Span<UInt8>, at offset: Int
) -> Number {
  var value: Number = 0
  for i in 0..<MemoryLayout<Number>.size {
    value = value << 8 | Number(bytes[offset + i])
  }
  return value
}
