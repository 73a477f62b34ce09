import Glibc

/// What the header of an IPv4 packet says about its parts.
struct PacketParts: Equatable {
  var headerSize = 0  // in bytes
  var offset = 0  // of the fragment, in bytes
  var more = false  // whether fragments follow

  /// Parses the header of an IPv4 packet. Returns 0, or a negative errno.
  mutating func parse(_ bytes: Span<UInt8>) -> CInt {
    guard bytes.count >= 20 else { return -EAGAIN }
    let version = bytes[0] >> 4
    let words = bytes[0] & 0x0F
    guard version == 4, words >= 5 else { return -EBADMSG }
    let fragment = UInt16(bytes[6]) << 8 | UInt16(bytes[7])
    headerSize = Int(words) * 4
    offset = Int(fragment & 0x1FFF) * 8
    more = fragment & 0x2000 != 0
    return 0
  }
}
