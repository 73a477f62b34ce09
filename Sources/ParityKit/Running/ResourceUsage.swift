/// What a run used.
public struct ResourceUsage: Hashable, Sendable {
  public internal(set) var processorTime = Duration.zero
  /// In bytes.
  public internal(set) var peakMemory = 0
  /// How many system calls were made in all, of a run of its own under strace; nil where nobody counted.
  public internal(set) var calls: Int?

  static func mean(_ costs: [ResourceUsage]) -> ResourceUsage {
    guard !costs.isEmpty else { return ResourceUsage() }
    let time = costs.reduce(Duration.zero) { $0 + $1.processorTime } / costs.count
    let calls = costs.compactMap(\.calls)
    return ResourceUsage(
      processorTime: time, peakMemory: costs.map(\.peakMemory).reduce(0, +) / costs.count,
      calls: calls.isEmpty ? nil : calls.reduce(0, +) / calls.count)
  }
}
