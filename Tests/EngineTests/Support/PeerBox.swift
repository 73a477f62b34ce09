/// A peer in an object, because an array can't hold noncopyable values.
final class PeerBox {
  let peer: RawPeer
  init(_ peer: consuming RawPeer) { self.peer = peer }
}
