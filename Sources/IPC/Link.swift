/// How much a queue, or shared memory, holds, `struct ipc_link_sizes`: the server's choice; a client finds it.
public struct LinkSizes: Equatable, Sendable {
  /// Bytes of a message with its head.
  public var message: Int
  /// Messages that stand in a queue.
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

/// One end of a link, `struct ipc_link`: what stands behind it is the engine's that made it. It closes when its owner's
/// life ends; whoever wants to know of an error closes with `Engine.close`.
public struct Link: ~Copyable {
  public let endpoint: Endpoint
  /// The number of the descriptor with its locks, for reports.
  public let number: CInt
  @usableFromInline let state: AnyObject
  @usableFromInline let type: ObjectIdentifier

  public init<State: AnyObject>(_ state: State, at endpoint: Endpoint, number: CInt) {
    self.state = state
    type = ObjectIdentifier(State.self)
    self.endpoint = endpoint
    self.number = number
  }

  /// What stands behind it; a link that another engine made is a mistake, and traps. A dynamic cast would ask the same,
  /// and take as long as the rest of a call where nothing has to wait.
  @inlinable
  public func state<State: AnyObject>(as expected: State.Type) -> State {
    precondition(type == ObjectIdentifier(expected), "the link is another engine's")
    return unsafe unsafeDowncast(state, to: expected)
  }
}
