import Glibc

func parsePort(_ text: String, _ port: inout UInt16) -> CInt {
  var end: UnsafeMutablePointer<CChar>?
  errno = 0
  let number = strtol(text, &end, 10)
  if end!.pointee != 0 { return -EINVAL }
  if errno == ERANGE || number > 65535 { return -ERANGE }
  port = UInt16(number)
  return 0
}
