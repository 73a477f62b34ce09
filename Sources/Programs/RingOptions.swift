internal import ArgumentParser
internal import IPC

/// The size of shared memory.
struct RingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The size of the buffer of each direction in bytes, a power of two. A sender waits while its buffer is full. \
      (default: \(Limit.defaultRing))
      """, valueName: "number"),
    transform: { try OptionValue.powerOfTwo($0, in: Limit.ring) })
  var ringSize: Int?

  func validate(for endpoint: Endpoint) throws {
    if case .memory = endpoint { return }
    guard ringSize == nil else { throw ValidationError("--ring-size applies to memory: endpoints only") }
  }
}
