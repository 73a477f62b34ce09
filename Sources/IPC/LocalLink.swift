/// How much a queue, or shared memory, holds, `struct ipc_link_sizes`: the server's choice; a client finds it.
public struct LinkSizes: Equatable, Sendable {
  /// Bytes of a message with its head.
  public var message: Int
  /// Messages that stand in a queue.
  public var depth: Int
  /// Bytes of each ring of shared memory, a power of two.
  public var ring: Int

  public init(message: Int = Limit.defaultMessage, depth: Int = Limit.defaultDepth, ring: Int = Limit.defaultRing) {
    self.message = message
    self.depth = depth
    self.ring = ring
  }
}

/// One end of a link, `struct ipc_link`: what stands behind it is the engine's that made it. It closes when its owner's
/// life ends; whoever wants to know of an error closes with `Engine.close`.
public struct LocalLink: ~Copyable {
  public let endpoint: Endpoint
  /// The number of the descriptor with its locks, for reports.
  public let number: CInt
  /// The engine's.
  public let state: AnyObject

  public init(_ state: AnyObject, at endpoint: Endpoint, number: CInt) {
    self.state = state
    self.endpoint = endpoint
    self.number = number
  }
}
