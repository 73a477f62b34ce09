import Glibc

/// Parses a port. Returns 0, -EINVAL if the text is not a number, or
/// -ERANGE.
func parsePort(_ text: String, _ port: inout UInt16) -> CInt {
  let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
  // UInt16(_:) also accepts a sign.
  guard !text.isEmpty, text.utf8.allSatisfy(digits.contains) else {
    return -EINVAL
  }
  guard let number = UInt16(text) else { return -ERANGE }
  port = number
  return 0
}
