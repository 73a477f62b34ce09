import Glibc

struct GrowBuffer {
  var bytes: UnsafeMutablePointer<UInt8>?
  var count = 0
  var capacity = 0
}

func growBufferAppend(
  _ buffer: inout GrowBuffer, _ bytes: UnsafePointer<UInt8>, _ count: Int
) -> CInt {
  let needed = buffer.count + count
  if needed > buffer.capacity {
    let larger: UnsafeMutablePointer<UInt8> = realloc(buffer.bytes, needed * 2)
    if larger == nil { return -ENOMEM }
    buffer.bytes = larger
    buffer.capacity = needed * 2
  }
  memcpy(buffer.bytes + buffer.count, bytes, count)
  buffer.count = needed
  return 0
}
