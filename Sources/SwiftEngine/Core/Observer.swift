// Reports steps to an observer.
internal import IPC

extension Optional where Wrapped == Observer {
  /// Reports that a step succeeded.
  func notify(_ step: Step, on descriptor: CInt, count: Int = 0, endpoint: Endpoint? = nil) {
    if let observer = self, observer.wants(step) {
      observer.notify(Event(step, on: descriptor, count: count, endpoint: endpoint))
    }
  }

  /// Reports that a step failed; returns the failure, to be thrown.
  func notify(_ step: Step, on descriptor: CInt, failed cause: Cause, endpoint: Endpoint? = nil) -> Failure {
    let failure = Failure(step, cause, at: endpoint)
    self?.notify(Event(step, on: descriptor, endpoint: endpoint, failure: failure))
    return failure
  }
}
