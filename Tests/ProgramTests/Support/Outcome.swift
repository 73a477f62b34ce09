import Subprocess

/// How a process ended.
enum Status: Hashable, Sendable {
  case exited(CInt)
  case killed(by: CInt)

  init(_ status: TerminationStatus) {
    self =
      switch status {
      case .exited(let code): .exited(code)
      case .signaled(let signal): .killed(by: signal)
      }
  }
}

/// How a process ended, and all that it printed.
struct Outcome: Hashable, Sendable, CustomStringConvertible {
  let status: Status
  let output: Bytes
  let error: String

  init(_ status: Status, output: Bytes = "", error: String = "") {
    (self.status, self.output, self.error) = (status, output, error)
  }

  /// Without the parts in which two runs may differ.
  var masked: Outcome { Outcome(status, output: output, error: error.masked) }

  var description: String { "\(status), standard output \(output), standard error \"\(error)\"" }
}

/// A program could not be started, or did not do in time what a test waits for.
struct RunFailure: Error, CustomStringConvertible {
  let description: String
}
