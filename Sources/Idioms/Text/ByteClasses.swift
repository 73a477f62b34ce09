import Glibc

/// Parses a line such as "4096\r\n", a length before the bytes of a
/// message. Returns how many bytes the line has, or a negative errno:
/// -EAGAIN while it is not complete, -EBADMSG if it is no number below
/// 100000000.
func lengthLine(_ bytes: Span<UInt8>, _ length: inout UInt32) -> CInt {
  let zero = UInt8(ascii: "0")
  let nine = UInt8(ascii: "9")
  var value: UInt32 = 0
  var at = 0
  while at < bytes.count, (zero...nine).contains(bytes[at]) {
    if at == 8 { return -EBADMSG }
    value = value * 10 + UInt32(bytes[at] - zero)
    at += 1
  }
  let digits = at
  if at < bytes.count, bytes[at] == UInt8(ascii: "\r") { at += 1 }
  if at == bytes.count { return -EAGAIN }
  guard bytes[at] == UInt8(ascii: "\n"), digits > 0 else { return -EBADMSG }
  length = value
  return CInt(at + 1)
}
