import Glibc

func encodeHeader(_ type: UInt16, _ length: UInt32, _ time: UInt64, _ bytes: inout [UInt8]) {
  var type = htons(type)
  var length = htonl(length)
  var time = htobe64(time)
  memcpy(&bytes, &type, 2)
  memcpy(&bytes + 2, &length, 4)
  memcpy(&bytes + 6, &time, 8)
}
