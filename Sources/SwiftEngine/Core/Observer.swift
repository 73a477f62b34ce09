// Telling what happens, and where it failed.
internal import IPC

extension Optional where Wrapped == Observer {
  /// Tells that a step is done.
  func tell(_ step: Step, on descriptor: CInt, count: Int = 0, endpoint: Endpoint? = nil) {
    if let observer = self, observer.wants(step) {
      observer.tell(Event(step, on: descriptor, count: count, endpoint: endpoint))
    }
  }

  /// Tells that a step failed, and with whom; gives back what to throw.
  func tell(_ step: Step, on descriptor: CInt, failed cause: Cause, endpoint: Endpoint? = nil) -> Failure {
    let failure = Failure(step, cause, at: endpoint)
    self?.tell(Event(step, on: descriptor, endpoint: endpoint, failure: failure))
    return failure
  }
}
