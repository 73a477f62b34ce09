/// One view of what a program does.
public enum Channel: String, Hashable, Sendable, CaseIterable {
  /// Each connection's bytes, how it ended, and connections that were refused.
  case wire
  /// Standard output and standard error, each.
  case output
  /// The status, or the signal that ended it, or that it still runs.
  case exit
  /// System calls.
  case calls
  /// Files, processes, descriptors and shared objects.
  case leftovers
  /// Processor time and memory: shown side by side.
  case cost
}
