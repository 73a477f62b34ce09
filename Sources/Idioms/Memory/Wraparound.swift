/// Returns how many bytes of a ring are used. Both positions only grow, and
/// wrap to 0 after 4294967295.
func ringUsed(_ written: UInt32, _ consumed: UInt32) -> UInt32 {
  written &- consumed
}

/// Whether a sequence number is before another one, as in TCP.
func sequenceBefore(_ a: UInt32, _ b: UInt32) -> Bool {
  Int32(bitPattern: a &- b) < 0
}

/// Returns a count as the result of a C function: INT_MAX if it is larger.
func countResult(_ count: UInt) -> CInt { CInt(clamping: count) }

/// Returns the hash of bytes (FNV-1a): the product keeps its low 32 bits.
func bytesHash(_ bytes: Span<UInt8>) -> UInt32 {
  var hash: UInt32 = 2_166_136_261
  for i in bytes.indices { hash = (hash ^ UInt32(bytes[i])) &* 16_777_619 }
  return hash
}

/// Returns the bit of an entry in a map of 32, the last being 1 << 31.
func entryBit(_ entry: UInt32) -> UInt32 { 1 << (entry & 31) }
