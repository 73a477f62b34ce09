/// The resources that a run used.
public struct ResourceUsage: Hashable, Sendable {
  public internal(set) var processorTime = Duration.zero
  /// Maximum resident memory in bytes.
  public internal(set) var peakMemory = 0
  /// The number of system calls, counted in a separate run under strace; nil if they were not counted.
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
