import Glibc

func lengthLine(_ bytes: [UInt8], _ length: inout UInt32) -> CInt {
  var value: UInt32 = 0
  var at = 0
  while at < bytes.count && isdigit(bytes[at]) {
    value = value * 10 + bytes[at] - '0'
    at += 1
  }
  if bytes[at] == "\r" { at += 1 }
  if bytes[at] != "\n" { return -EBADMSG }
  length = value
  return CInt(at) + 1
}
