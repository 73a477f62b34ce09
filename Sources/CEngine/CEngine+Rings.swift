internal import CIPC
public import IPC

extension CEngine {
  public static func ringSize(capacity: Int) throws(Failure) -> Int { try check(.create, ipc_ring_size(capacity)) }

  public static func prepareRing(_ memory: SharedMemory, capacity: Int) throws(Failure) {
    try check(.create, ipc_ring_prepare(memory, capacity))
  }

  public static func openRing(_ memory: SharedMemory, as side: Ring.Side) throws(Failure) -> Ring {
    var ring: Ring?
    try check(.create, ipc_ring_open(memory, side.rawValue, &ring))
    return ring.take()!
  }

  public static func receive(_ ring: inout Ring, into buffer: inout MutableSpan<UInt8>) throws(Failure) -> Int? {
    try ready(.receive, ipc_ring_receive(&ring, &buffer))
  }

  public static func send(_ ring: inout Ring, _ bytes: Span<UInt8>) throws(Failure) -> Int? {
    try ready(.send, ipc_ring_send(&ring, bytes))
  }

  public static func wait(_ ring: inout Ring, for events: Readiness, timeout: Duration?) throws(Failure) -> Readiness {
    Readiness(rawValue: try check(.wait, ipc_ring_wait(&ring, events.rawValue, timeout?.milliseconds ?? -1)))
  }

  public static func wake(_ ring: borrowing Ring, for events: Readiness) throws(Failure) {
    try check(.wait, ipc_ring_wake(ring, events.rawValue))
  }

  public static func halfClose(_ ring: inout Ring) throws(Failure) { try check(.halfClose, ipc_ring_half_close(&ring)) }

  public static func close(_ ring: consuming Ring) throws(Failure) { try check(.close, ipc_ring_close(&ring)) }
}
