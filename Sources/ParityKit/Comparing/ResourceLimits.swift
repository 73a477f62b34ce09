/// Maximum ratio of the right program's cost to the left one's, over the mean of a scenario's runs. Costs without a
/// limit differ only beyond `Limits.costRatio` times, if the right one is large.
public struct ResourceLimits: Hashable, Sendable {
  public var time: Double?
  public var memory: Double?
  public var calls: Double?
  /// Milliseconds by which one side's latencies may exceed those of the other one; nil: they do not decide.
  public var latency: Int?

  public init(time: Double? = nil, memory: Double? = nil, calls: Double? = nil, latency: Int? = nil) {
    (self.time, self.memory, self.calls, self.latency) = (time, memory, calls, latency)
  }

  /// What one side does later than the other one in every run. Without a limit, a ratio must be exceeded as well.
  func differences(_ left: [Transcript], _ right: [Transcript]) -> [Difference] {
    let gaps = LatencyGap.list(
      left.map(\.latencies), right.map(\.latencies), beyond: .milliseconds(latency ?? Limits.latency),
      ratio: latency == nil ? Limits.latencyRatio : 1)
    return gaps.map { gap in
      Difference(
        observation: gap.kind.rawValue, offset: 0, before: "", after: "", left: [gap.left.milliseconds],
        right: [gap.right.milliseconds],
        note: "the \(gap.isLeftLater ? "left" : "right") is at least \(Int(gap.least / .milliseconds(1))) ms later",
        // So many runs exclude chance: see `Fisher`.
        isSettled: min(left.count, right.count) >= Limits.confirmingRuns)
    }
  }

  /// The limits that the right program exceeds.
  func differences(_ left: ResourceUsage, _ right: ResourceUsage) -> [Difference] {
    func difference(
      _ observation: String, _ limit: Double?, _ left: Int?, _ right: Int?, _ unit: String, least: Int
    ) -> Difference? {
      let isAsked = limit != nil
      // Without a limit, only a multiple that no two honest programs have counts.
      let limit = limit ?? Limits.costRatio
      guard let left, let right, Double(right) > Double(left) * limit, isAsked || right > least else { return nil }
      return Difference(
        observation: observation, offset: 0, before: "", after: unit, left: [String(left)], right: [String(right)],
        note: "more than \(limit) times as much")
    }
    func microseconds(_ cost: ResourceUsage) -> Int { Int(cost.processorTime / .microseconds(1)) }
    return [
      difference("processor time", time, microseconds(left), microseconds(right), " µs", least: 200_000),
      difference("peak memory", memory, left.peakMemory, right.peakMemory, " bytes", least: 200_000_000),
      difference("system calls", calls, left.calls, right.calls, " calls", least: 10_000),
    ].compactMap { $0 }
  }
}

extension ClosedRange<Duration> {
  fileprivate var milliseconds: String {
    let (least, most) = (Int(lowerBound / .milliseconds(1)), Int(upperBound / .milliseconds(1)))
    return least == most ? "\(least) ms" : "\(least) to \(most) ms"
  }
}
