/// The first use computes it; other threads wait until that is done.
private let checksumTable = InlineArray<256, UInt32> { index in
  var value = UInt32(index)
  for _ in 0..<8 {
    value = (value >> 1) ^ (value & 1 == 1 ? 0xEDB8_8320 : 0)
  }
  return value
}

/// The CRC-32 of bytes, as in Ethernet and gzip. Each thread may call it.
func checksum(_ bytes: Span<UInt8>) -> UInt32 {
  var sum: UInt32 = 0xFFFF_FFFF
  for index in bytes.indices {
    let entry = checksumTable[Int((sum ^ UInt32(bytes[index])) & 0xFF)]
    sum = entry ^ (sum >> 8)
  }
  return sum ^ 0xFFFF_FFFF
}
