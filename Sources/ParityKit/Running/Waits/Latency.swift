/// How long a program took to answer, to end a connection or to exit, since a peer last did something.
struct Latency: Hashable, Sendable {
  enum Kind: String, CaseIterable {
    case answer = "answers"
    case end = "ends of connections"
    case exit = "exits"
  }

  /// Where it was measured: the number of what the peers did, and the connection.
  struct Place: Hashable {
    let number: Int
    let connection: String
  }

  let kind: Kind
  let place: Place
  let time: Duration
}

/// Measures the latencies of a run.
final class Stopwatch {
  private let processes: ProgramProcesses
  private let peers: PeerTable
  private var number = 0
  private var start = ContinuousClock().now
  private(set) var latencies: [Latency] = []

  init(_ processes: ProgramProcesses, _ peers: PeerTable) { (self.processes, self.peers) = (processes, peers) }

  /// A peer does something: what the program does from now on is measured from this moment.
  func restart() {
    collect()
    (number, start) = (number + 1, ContinuousClock().now)
  }

  /// Keeps what the program has done since then.
  func collect() {
    for peer in peers.connections where latencies.count < Limits.milestones {
      add(.answer, peer.record.name, peer.arrival)
      add(.end, peer.record.name, peer.endArrival)
      (peer.arrival, peer.endArrival) = (nil, nil)
    }
    add(.exit, "\(processes.earlier.count)", processes.current?.endTime)
  }

  private func add(_ kind: Latency.Kind, _ connection: String, _ time: ContinuousClock.Instant?) {
    guard let time, time >= start else { return }
    latencies.append(
      Latency(kind: kind, place: Latency.Place(number: number, connection: connection), time: time - start))
  }
}

/// A latency by which one side is later than the other one in every run.
struct LatencyGap {
  let kind: Latency.Kind
  let left: ClosedRange<Duration>
  let right: ClosedRange<Duration>

  var isLeftLater: Bool { left.lowerBound > right.upperBound }
  /// By how much at least.
  var least: Duration {
    isLeftLater ? left.lowerBound - right.upperBound : right.lowerBound - left.upperBound
  }

  /// The greatest gap of each kind beyond an absolute time and a ratio. A latency counts only where each run of both
  /// sides has it.
  static func list(_ left: [[Latency]], _ right: [[Latency]], beyond floor: Duration, ratio: Int) -> [LatencyGap] {
    Latency.Kind.allCases.compactMap { kind in
      let times = [left, right].map { side in
        side.map { run in
          Dictionary(run.filter { $0.kind == kind }.map { ($0.place, $0.time) }) { first, _ in first }
        }
      }
      let places = times[0].first.map { Set($0.keys) } ?? []
      let gaps = places.compactMap { place -> LatencyGap? in
        let ranges = times.map { side in
          let all = side.compactMap { $0[place] }
          return all.count == side.count ? all.min().flatMap { least in all.max().map { least...$0 } } : nil
        }
        guard let left = ranges[0], let right = ranges[1] else { return nil }
        let gap = LatencyGap(kind: kind, left: left, right: right)
        let earlier = gap.isLeftLater ? right.upperBound : left.upperBound
        return gap.least > floor && gap.least + earlier >= earlier * ratio ? gap : nil
      }
      return gaps.max { $0.least < $1.least }
    }
  }
}
