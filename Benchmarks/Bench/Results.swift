import Foundation

/// What a run found; results.json as it stands.
struct Results: Codable {
  struct Entry: Codable {
    let row, peer: String
    /// Each figure as often as it was taken: seconds, bytes, or a count; `cpu` for one operation, or for one byte.
    var samples: [String: [Double]] = [:]
    var medians: [String: Double] = [:]
    /// The middle half of the samples lies between these.
    var quartiles: [String: [Double]] = [:]
    /// Why a sample is missing, or all are.
    var failure: String?
  }

  let date: String
  let rounds: Int
  let seconds: Double
  let machine: Machine
  let versions: [String: String]
  var entries: [Entry] = []
  var verdicts: [Verdict] = []

  func entry(_ row: String, _ peer: String) -> Entry? { entries.first { $0.row == row && $0.peer == peer } }

  /// Whether a peer has never managed a row: it is not asked again.
  func isHopeless(_ row: Row, _ peer: Peer) -> Bool {
    entry(row.name, peer.name).map { $0.failure != nil && $0.samples.isEmpty } ?? false
  }

  mutating func add(_ outcome: Outcome, _ row: Row, _ peer: Peer) {
    let index =
      entries.firstIndex { $0.row == row.name && $0.peer == peer.name }
      ?? {
        entries.append(Entry(row: row.name, peer: peer.name))
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

  /// Of sorted numbers, between the two nearest.
  private func quantile(_ part: Double, of sorted: [Double]) -> Double {
    let place = part * Double(sorted.count - 1)
    let (low, high) = (sorted[Int(place)], sorted[min(Int(place) + 1, sorted.count - 1)])
    return low + (high - low) * (place - place.rounded(.down))
  }

  mutating func judge() { verdicts = Goal.all.compactMap { $0.verdict(self) } }

  /// Single samples are kept of what is compared: all of them would be most of the file.
  func write(to path: String) throws {
    var kept = self
    for (index, entry) in entries.enumerated() {
      let compared: Set = ["cpu", Row.all.first { $0.name == entry.row }?.metric.rawValue]
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
