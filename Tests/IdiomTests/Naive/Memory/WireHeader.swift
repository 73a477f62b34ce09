import Glibc

struct WireHeader {
  var length: UInt32
  var kind: UInt16
  var flags: UInt16
}

func wireHeaderParse(
  _ bytes: UnsafePointer<UInt8>, _ count: Int, _ at: Int, _ header: inout WireHeader
) -> CInt {
  if at > count || count - at < MemoryLayout<WireHeader>.size { return -EAGAIN }
  let wire = (bytes + at) as! UnsafePointer<WireHeader>
  header.length = ntohl(wire.pointee.length)
  header.kind = ntohs(wire.pointee.kind)
  header.flags = ntohs(wire.pointee.flags)
  return 0
}
