/// One end of a link, `struct ipc_link`, which an engine made. It is closed at the end of its lifetime; `Engine.close`
/// also reports an error.
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

  /// Returns the engine's own object. A link of another engine is a mistake in the program, and traps. A dynamic cast
  /// would check the same, but takes as long as the rest of a call that does not have to wait.
  @inlinable
  public func state<State: AnyObject>(as expected: State.Type) -> State {
    precondition(type == ObjectIdentifier(expected), "the link is another engine's")
    return unsafe unsafeDowncast(state, to: expected)
  }
}
