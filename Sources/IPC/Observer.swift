/// Receives events, `struct ipc_observer`. Calls are serialized, even if a server has several workers.
public struct Observer: Sendable {
  /// A bit for each step to report on success; failures are always reported.
  public let steps: UInt32
  public let notify: @Sendable (Event) -> Void

  /// Makes an observer that is notified of these steps, and of all failures.
  public init(of steps: [Step] = Step.allCases, _ notify: @escaping @Sendable (Event) -> Void) {
    self.init(steps: steps.reduce(0) { $0 | 1 << UInt32($1.rawValue) }, notify)
  }

  public init(steps: UInt32, _ notify: @escaping @Sendable (Event) -> Void) {
    self.steps = steps
    self.notify = notify
  }

  /// Returns whether a success of this step is to be reported.
  public func wants(_ step: Step) -> Bool { steps >> UInt32(step.rawValue) & 1 != 0 }
}
