// What the sessions of a loop share.
internal import IPC

/// It is apart from the table of sessions, so that a session can change in place.
struct SessionShared: ~Copyable {
  /// Of the server's listeners, by index.
  let endpoints: [Endpoint]
  let service: Service
  let output: Output
  let keepsOpen: Bool
  let limits: ClientLimits
  let observer: Observer?
  private let steps: UInt32  // the observer's
  var input: Bytes
  var reply: Bytes

  init(
    endpoints: [Endpoint], service: Service, _ options: ServeOptions, _ observer: Observer?, _ output: Output,
    input: consuming Bytes, reply: consuming Bytes
  ) {
    self.input = input
    self.reply = reply
    (self.endpoints, self.service, self.observer) = (endpoints, service, observer)
    (self.output, keepsOpen, limits) = (output, options.keepOpen, options.limits)
    steps = observer?.steps ?? 0
  }

  func wants(_ step: Step) -> Bool { steps >> UInt32(step.rawValue) & 1 != 0 }
}
