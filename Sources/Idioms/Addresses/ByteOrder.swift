/// A header of 14 bytes in network byte order.
struct TimedHeader: Equatable {
  static let size = 14

  var type: UInt16
  var length: UInt32
  var time: UInt64

  init(type: UInt16, length: UInt32, time: UInt64) {
    (self.type, self.length, self.time) = (type, length, time)
  }

  /// Reads a header, or returns nil if fewer than 14 bytes are there.
  init?(_ bytes: Span<UInt8>) {
    guard bytes.count >= Self.size else { return nil }
    // Bytes have no padding. The span checks the offsets, and any bytes are
    // a valid integer.
    let raw = unsafe bytes.bytes
    type = unsafe UInt16(
      bigEndian: raw.unsafeLoadUnaligned(as: UInt16.self))
    length = unsafe UInt32(
      bigEndian: raw.unsafeLoadUnaligned(fromByteOffset: 2, as: UInt32.self))
    time = unsafe UInt64(
      bigEndian: raw.unsafeLoadUnaligned(fromByteOffset: 6, as: UInt64.self))
  }

  /// The header as bytes.
  var encoded: [UInt8] {
    bigEndianBytes(type) + bigEndianBytes(length) + bigEndianBytes(time)
  }
}

/// The bytes of an integer in network byte order.
private func bigEndianBytes<Number: FixedWidthInteger & BitwiseCopyable>(
  _ number: Number
) -> [UInt8] {
  unsafe withUnsafeBytes(of: number.bigEndian) { unsafe Array($0) }
}
