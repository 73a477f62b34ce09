/// The size of a queue or of shared memory, `struct ipc_link_sizes`. The server chooses it; a client adopts it.
public struct LinkSizes: Equatable, Sendable {
  /// Bytes of a queue's message, with its head.
  public var message: Int
  /// Messages that a queue can hold.
  public var depth: Int
  /// Bytes of each ring of shared memory, a power of two.
  public var ring: Int

  public init(
    message: Int = Limit.defaultQueueMessage, depth: Int = Limit.defaultQueueDepth, ring: Int = Limit.defaultRing
  ) {
    self.message = message
    self.depth = depth
    self.ring = ring
  }
}
