func ringUsed(_ written: UInt32, _ consumed: UInt32) -> UInt32 {
  return written - consumed
}

func sequenceBefore(_ a: UInt32, _ b: UInt32) -> Bool {
  return Int32(a - b) < 0
}

func countResult(_ count: UInt) -> CInt {
  return count > CInt.max ? CInt.max : CInt(count)
}

func bytesHash(_ bytes: [UInt8]) -> UInt32 {
  var hash: UInt32 = 2_166_136_261
  for byte in bytes {
    hash = (hash ^ UInt32(byte)) * 16_777_619
  }
  return hash
}

func entryBit(_ entry: UInt32) -> UInt32 { return 1 << (entry & 31) }
