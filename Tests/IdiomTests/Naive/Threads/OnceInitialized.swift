import Glibc

var once = PTHREAD_ONCE_INIT
var table = [UInt32](repeating: 0, count: 256)

func fillTable() {
  for i in 0..<256 {
    var value = UInt32(i)
    for _ in 0..<8 { value = value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    table[i] = value
  }
}

func checksum(_ bytes: [UInt8]) -> UInt32 {
  pthread_once(&once, fillTable)
  var sum: UInt32 = 0xFFFF_FFFF
  for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ sum >> 8 }
  return sum ^ 0xFFFF_FFFF
}
