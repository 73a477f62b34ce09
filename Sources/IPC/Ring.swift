/// One side's hold on the rings in shared memory, for one thread: `struct ipc_ring`. Of two threads one may send and one
/// receive, each with a hold of its own.
public struct Ring: ~Copyable {
  package let memory: SharedMemory
  package let capacity: UInt32
  package let side: Side
  /// Outwards: bytes written, and read as far as was seen.
  package var sent: UInt32
  package var taken: UInt32
  /// Inwards: bytes read, and written as far as was seen.
  package var received: UInt32
  package var filled: UInt32
  package var isHalfClosed: Bool
  /// Times that `Engine.wait` looks before it sleeps; none where there is one processor.
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

/// Where the words of the shared memory stand, as the table in `include/ipc.h` says: offsets in bytes.
public enum RingLayout {
  public static let magicNumber: UInt64 = 0x0A67_6E69_5263_7049
  public static let versionNumber: UInt32 = 1
  /// Bytes that what one side writes often has to itself: `IPC_RING_LINE`.
  public static let line = 128
  /// Bytes before the first ring: `IPC_RING_HEADER`.
  public static let header = 4096

  public static let magic = 0
  public static let version = 8
  public static let headerSize = 12
  public static let capacity = 16
  /// Of the first side; a line further those of the second.
  public static let waiters = 128
  public static let halfClosed = 132
  public static let closed = 136
  /// Of what the first side sends; two lines further those of what the second sends.
  public static let written = 384
  public static let read = 512
  /// Behind the last word.
  public static let end = 896
}
