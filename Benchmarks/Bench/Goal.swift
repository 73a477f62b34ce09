/// A figure of ours as a part of a peer's, and the bound that it must keep.
struct Goal: Sendable {
  let row: String
  let subject: String
  /// Nobody: the figure itself is bounded.
  let peer: String?
  let metric: Row.Metric
  let limit: Double
  var isFloor = false

  static let all =
    engines.flatMap { engine in
      bounds.map { Goal(row: $0, subject: engine, peer: $1, metric: $2, limit: $3, isFloor: $4) }
    }
    + Row.all.map {
      Goal(
        row: $0.name, subject: "Diptych Swift", peer: "Diptych C", metric: $0.metric,
        limit: $0.isExact ? 1.10 : $0.metric == .speed ? 1 / 1.03 : 1.03, isFloor: $0.metric == .speed)
    }

  private static let engines = ["Diptych C", "Diptych Swift"]

  private static let bounds: [(String, String?, Row.Metric, Double, Bool)] = [
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
    guard let own = results.entry(row, subject)?.medians[metric.rawValue] else { return nil }
    var ratio = own
    if let peer {
      guard let other = results.entry(row, peer)?.medians[metric.rawValue] else { return nil }
      ratio = own / other
    }
    return Verdict(
      row: row, subject: subject, peer: peer, metric: metric.rawValue, ratio: ratio, limit: limit, isFloor: isFloor,
      isReached: isFloor ? ratio >= limit : ratio <= limit)
  }
}

/// What became of a goal in a run.
struct Verdict: Codable {
  let row, subject: String
  let peer: String?
  let metric: String
  let ratio, limit: Double
  let isFloor, isReached: Bool
}
