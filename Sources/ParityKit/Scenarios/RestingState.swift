/// What a program has when it rests after its start: the state with which the end of each run is compared.
struct RestingState: Hashable, Sendable {
  /// The number of processes by name.
  var processes: [String: Int] = [:]
  /// The number of descriptors of each kind, in all processes.
  var descriptors: [String: Int] = [:]
}
