internal import ArgumentParser
internal import IPC

/// How much shared memory holds.
struct RingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Bytes that a direction holds, a power of two; who sends more waits. (default: \(Limit.defaultRing))",
      valueName: "number"),
    transform: powerOfTwo)
  var ringSize: Int?

  func validate(for endpoint: Endpoint) throws {
    if case .memory = endpoint { return }
    guard ringSize == nil else { throw ValidationError("--ring-size goes with memory:") }
  }
}

/// A power of two within the range, or an error that tells it.
private func powerOfTwo(_ text: String) throws -> Int {
  guard let size = Int(text), Limit.ring.contains(size), size & (size - 1) == 0 else {
    throw ValidationError(
      "it must be a power of two from \(Limit.ring.lowerBound) to \(Limit.ring.upperBound)")
  }
  return size
}
