/// One side's handle on the rings in shared memory, for one thread, `struct ipc_ring`. Two threads need a handle each:
/// one sends, the other receives.
public struct Ring: ~Copyable {
  package let memory: SharedMemory
  package let capacity: UInt32
  package let side: Side
  /// Outgoing bytes: written, and read by the peer as far as it is known.
  package var sent: UInt32
  package var taken: UInt32
  /// Incoming bytes: read, and written by the peer as far as it is known.
  package var received: UInt32
  package var filled: UInt32
  package var isHalfClosed: Bool
  /// How often `Engine.wait` polls before it sleeps; 0 if there is one processor.
  public var spins: UInt32

  public enum Side: Int32, CaseIterable, Sendable {
    case first, second
  }

  package init(
    _ memory: SharedMemory, capacity: UInt32, side: Side, sent: UInt32, taken: UInt32, received: UInt32,
    filled: UInt32, isHalfClosed: Bool, spins: UInt32
  ) {
    self.memory = memory
    self.capacity = capacity
    self.side = side
    self.sent = sent
    self.taken = taken
    self.received = received
    self.filled = filled
    self.isHalfClosed = isHalfClosed
    self.spins = spins
  }
}
