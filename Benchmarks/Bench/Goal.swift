/// A limit for a figure of ours, in proportion to a competitor's.
struct Goal: Sendable {
  let benchmark: String
  let subject: String
  /// The competitor; nil: the figure itself is limited.
  let competitor: String?
  let metric: Benchmark.Metric
  let limit: Double
  var isFloor = false

  static let all =
    engines.flatMap { engine in
      bounds.map { Goal(benchmark: $0, subject: engine, competitor: $1, metric: $2, limit: $3, isFloor: $4) }
    }
    + Benchmark.all.map {
      Goal(
        benchmark: $0.name, subject: "Diptych Swift", competitor: "Diptych C", metric: $0.metric,
        limit: $0.parityLimit, isFloor: $0.metric == .speed)
    }

  private static let engines = ["Diptych C", "Diptych Swift"]

  private static let bounds: [(String, String?, Benchmark.Metric, Double, Bool)] = [
    ("greeting", "C, accept and close", .cpu, 1.2, false),
    ("greeting", "nginx", .cpu, 0.65, false),
    ("greeting", "SwiftNIO", .cpu, 0.42, false),
    ("greeting-together", "C, accept and close", .cpu, 1.2, false),
    ("greeting-together", "nginx", .cpu, 0.65, false),
    ("greeting-together", "SwiftNIO", .cpu, 0.42, false),
    ("greeting-stopped", "C, accept and close", .cpu, 1.2, false),
    ("greeting-stopped", "nginx", .cpu, 0.65, false),
    ("greeting-stopped", "SwiftNIO", .cpu, 0.42, false),
    ("echo", "C, epoll", .cpu, 1.03, false),
    ("echo", "SwiftNIO", .cpu, 0.8, false),
    ("echo-together", "C, epoll", .cpu, 1.03, false),
    ("echo-together", "SwiftNIO", .cpu, 0.8, false),
    ("echo-1000", "SwiftNIO", .cpu, 0.6, false),
    ("echo-64k", "SwiftNIO", .cpu, 1.0, false),
    ("idle", nil, .before, 128, false),
    ("idle", nil, .after, 128, false),
    ("client-pipe", "Rust io::copy", .speed, 0.95, true),
    ("client-pipe", "nc", .speed, 3, true),
    ("client-null", "C, 64 KiB", .speed, 0.95, true),
    ("client-start", "ncat", .wall, 1.1, false),
    ("client-start", "ncat", .memory, 1.1, false),
  ]

  func verdict(_ results: Results) -> Verdict? {
    guard let own = results.entry(benchmark, subject)?.medians[metric.rawValue] else { return nil }
    var ratio = own
    if let competitor {
      guard let other = results.entry(benchmark, competitor)?.medians[metric.rawValue] else { return nil }
      ratio = own / other
    }
    return Verdict(
      benchmark: benchmark, subject: subject, competitor: competitor, metric: metric.rawValue, ratio: ratio,
      limit: limit, isFloor: isFloor,
      isReached: isFloor ? ratio >= limit : ratio <= limit)
  }
}

/// The result of a goal in a run.
struct Verdict: Codable {
  let benchmark, subject: String
  let competitor: String?
  let metric: String
  let ratio, limit: Double
  let isFloor, isReached: Bool
}

extension Benchmark {
  /// The limit of Swift's figure in proportion to C's.
  fileprivate var parityLimit: Double {
    if isExact { return 1.10 }
    return metric == .speed ? 1 / 1.03 : 1.03
  }
}
