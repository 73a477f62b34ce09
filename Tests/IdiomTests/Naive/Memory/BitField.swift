import Glibc

struct Packet {
  var headerSize: CUnsignedInt
  var offset: CUnsignedInt
  var more: CInt
}

func packetParse(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ packet: inout Packet) -> CInt {
  var header: iphdr
  if count < sizeof(header) { return -EAGAIN }
  memcpy(&header, bytes, sizeof(header))
  if header.version != 4 || header.ihl < 5 { return -EBADMSG }
  let fragment = ntohs(header.frag_off)
  packet.headerSize = header.ihl * 4
  packet.offset = (fragment & IP_OFFMASK) * 8
  packet.more = (fragment & IP_MF) != 0
  return 0
}
