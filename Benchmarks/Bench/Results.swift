import Foundation

/// The results of a run, as results.json stores them.
struct Results: Codable {
  struct Entry: Codable {
    let benchmark, competitor: String
    /// Every sample of each figure: seconds, bytes or a count; `cpu` is per operation or per byte.
    var samples: [String: [Double]] = [:]
    var medians: [String: Double] = [:]
    /// The quartiles of the samples.
    var quartiles: [String: [Double]] = [:]
    /// Why samples are missing.
    var failure: String?
  }

  let date: String
  let rounds: Int
  let seconds: Double
  let machine: Machine
  let versions: [String: String]
  var entries: [Entry] = []
  var verdicts: [Verdict] = []

  func entry(_ benchmark: String, _ competitor: String) -> Entry? {
    entries.first { $0.benchmark == benchmark && $0.competitor == competitor }
  }

  /// Whether a competitor has never completed a benchmark; it is not run again.
  func isHopeless(_ benchmark: Benchmark, _ competitor: Competitor) -> Bool {
    entry(benchmark.name, competitor.name).map { $0.failure != nil && $0.samples.isEmpty } ?? false
  }

  mutating func add(_ outcome: Outcome, _ benchmark: Benchmark, _ competitor: Competitor) {
    let index =
      entries.firstIndex { $0.benchmark == benchmark.name && $0.competitor == competitor.name }
      ?? {
        entries.append(Entry(benchmark: benchmark.name, competitor: competitor.name))
        return entries.count - 1
      }()
    switch outcome {
    case .failure(let reason): entries[index].failure = reason
    case .figures(let figures):
      for (name, value) in figures where name != "time" {
        entries[index].samples[name, default: []].append(value)
        let sorted = entries[index].samples[name, default: []].sorted()
        entries[index].medians[name] = quantile(0.5, of: sorted)
        entries[index].quartiles[name] = [quantile(0.25, of: sorted), quantile(0.75, of: sorted)]
      }
    }
  }

  /// Interpolates between the two nearest of the sorted numbers.
  private func quantile(_ part: Double, of sorted: [Double]) -> Double {
    let place = part * Double(sorted.count - 1)
    let (low, high) = (sorted[Int(place)], sorted[min(Int(place) + 1, sorted.count - 1)])
    return low + (high - low) * (place - place.rounded(.down))
  }

  mutating func judge() { verdicts = Goal.all.compactMap { $0.verdict(self) } }

  /// Keeps the samples of compared figures only: all of them would be most of the file.
  func write(to path: String) throws {
    var kept = self
    for (index, entry) in entries.enumerated() {
      let compared: Set = ["cpu", Benchmark.all.first { $0.name == entry.benchmark }?.metric.rawValue]
      kept.entries[index].samples = entry.samples.filter { compared.contains($0.key) }
      kept.entries[index].quartiles = entry.quartiles.filter { compared.contains($0.key) }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(kept).write(to: URL(filePath: path))
  }

  static func read(from path: String) throws -> Results {
    try JSONDecoder().decode(Results.self, from: Data(contentsOf: URL(filePath: path)))
  }
}
