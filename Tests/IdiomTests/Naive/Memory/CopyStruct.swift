import Glibc

struct Peer {
  var address: UInt32
  var port: UInt16
  var family: UInt8
  var requests: UInt32
}

func peerStore(_ peer: UnsafePointer<Peer>, _ bytes: inout [UInt8]) -> CInt {
  if bytes.count < sizeof(Peer) { return -ENOBUFS }
  memcpy(&bytes, peer, sizeof(Peer))
  return sizeof(Peer)
}

func peerRequests(_ bytes: [UInt8], _ requests: inout UInt32) -> CInt {
  if bytes.count < sizeof(Peer) { return -EBADMSG }
  memcpy(&requests, bytes + offsetof(Peer, requests), sizeof(UInt32))
  return 0
}
