/// One aspect of a program's behaviour that is compared.
public enum Channel: String, Hashable, Sendable, CaseIterable {
  /// The bytes of each connection, how it ended, and refused connections.
  case wire
  /// Standard output, and standard error.
  case output
  /// The exit status, the signal that ended the program, or that it still runs.
  case exit
  /// System calls.
  case calls
  /// Files, processes, descriptors and shared objects that the program leaves.
  case leftovers
  /// The latencies of answers, of the ends of connections and of exits; they decide only if there is a limit.
  case time
  /// Processor time and memory; compared only if there is a limit.
  case cost
}
