/// Bytes of a ring, which may wrap around: `first` of them from `start` on, the rest from the ring's beginning.
struct RingPieces {
  let start: Int
  let first: Int
  let rest: Int
}
