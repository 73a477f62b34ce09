internal import IPC
internal import Logging

/// The clients that a stop has kept from their whole answer: the warning at the server's end counts them.
struct StopCount: Sendable {
  /// Their sessions were unfinished.
  private var cut = 0
  /// They waited in the backlog.
  private var refused = 0

  var isEmpty: Bool { cut == 0 && refused == 0 }

  /// Counts an event with ECANCELED.
  mutating func add(_ event: Event) {
    if event.step == .close { cut += 1 } else { refused += 1 }
  }

  var fields: Logger.Metadata { ["cut": .stringConvertible(cut), "refused": .stringConvertible(refused)] }
}

extension StopCount: CustomStringConvertible {
  var description: String {
    "\(cut) \(cut == 1 ? "client" : "clients") cut off, \(refused) refused"
  }
}
