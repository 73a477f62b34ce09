internal import Formats

/// Which channels can be believed for a program: what a comparison of the program with itself shows.
public struct SelfReport: Sendable {
  /// What varies from run to run, and is masked.
  public struct Noise: Hashable, Sendable {
    /// The name within the channel, such as standard error.
    public let observation: String
    /// A name such as `{pid}`.
    public let name: String
    /// The number of scenarios that have it.
    public internal(set) var scenarios: Int
  }

  /// Why a channel can't be believed.
  public struct Doubt: Hashable, Sendable {
    public let reason: String
    /// The names of the scenarios.
    public internal(set) var scenarios: [String]
    /// The command line that repeats it.
    public let replay: String?
  }

  public struct Row: Sendable {
    public let channel: Channel
    /// The number of scenarios in which it was judged.
    public internal(set) var judged = 0
    public internal(set) var noise: [Noise] = []
    public internal(set) var doubts: [Doubt] = []

    /// Nil if it was not judged.
    public var isBelievable: Bool? { judged == 0 && doubts.isEmpty ? nil : doubts.isEmpty }
  }

  /// The comparison of the program with itself.
  public let report: Report
  public let rows: [Row]
  /// Why the program could not be judged in some scenarios.
  public let troubles: [Doubt]

  public init(_ report: Report) {
    self.report = report
    rows = report.channels.filter { $0 != .cost }.map { Self.row($0, report.results) }
    var troubles: [Doubt] = []
    for result in report.results {
      for trouble in result.troubles {
        troubles.add(Doubt(Self.withoutSide(trouble), result))
      }
    }
    self.troubles = troubles
  }

  /// A program that is the same as itself can be judged.
  public var verdict: Verdict { report.verdict }

  public var program: Program { report.left }

  private static func row(_ channel: Channel, _ results: [ScenarioResult]) -> Row {
    var row = Row(channel: channel)
    for result in results {
      for cell in result.cells where cell.channel == channel {
        if cell.finding.isJudged { row.judged += 1 }
        switch cell.finding {
        case .same(let masks):
          for noise in Set(masks.map { Noise(observation: $0.key.observation, name: $0.name, scenarios: 1) }) {
            row.noise.add(noise)
          }
        default:
          guard let difference = cell.finding.difference else { continue }
          row.doubts.add(Doubt("\(difference.observation) \(cell.finding.phrase): \(difference.brief)", result))
        }
      }
    }
    // Sets have no order, and the most frequent noise matters most.
    row.noise.sort { ($1.scenarios, $0.observation, $0.name) < ($0.scenarios, $1.observation, $1.name) }
    return row
  }

  /// Both sides are the same program.
  private static func withoutSide(_ trouble: String) -> String {
    for side in ["left ", "right "] where trouble.hasPrefix(side) { return String(trouble.dropFirst(side.count)) }
    return trouble
  }
}

extension SelfReport.Doubt {
  fileprivate init(_ reason: String, _ result: ScenarioResult) {
    self.init(reason: reason, scenarios: [result.scenario.name], replay: result.replay)
  }
}

extension [SelfReport.Doubt] {
  fileprivate mutating func add(_ doubt: SelfReport.Doubt) {
    guard let index = firstIndex(where: { $0.reason == doubt.reason }) else { return append(doubt) }
    if self[index].scenarios.last != doubt.scenarios[0] { self[index].scenarios += doubt.scenarios }
  }
}

extension [SelfReport.Noise] {
  fileprivate mutating func add(_ noise: SelfReport.Noise) {
    if let index = firstIndex(where: { $0.observation == noise.observation && $0.name == noise.name }) {
      self[index].scenarios += 1
    } else {
      append(noise)
    }
  }
}

extension SelfReport {
  /// The report as JSON, which `Schema.selfReport` describes.
  public var json: String {
    JSON.object([
      ("version", .number(Report.formatVersion)), ("verdict", .text(verdict.name)),
      ("program", .texts(program.words)), ("milliseconds", .number(Int(report.time / .milliseconds(1)))),
      ("scenarios", .number(report.results.count)), ("conclusion", .text(conclusion)),
      ("channels", .list(rows.map(\.json))), ("troubles", .list(troubles.map(\.json))),
    ]).printed() + "\n"
  }
}

extension SelfReport.Row {
  fileprivate var json: JSON {
    .object([
      ("channel", .text(channel.rawValue)), ("judged", .number(judged)),
      ("believable", isBelievable.map(JSON.flag) ?? .null), ("noise", .list(noise.map(\.json))),
      ("doubts", .list(doubts.map(\.json))),
    ])
  }
}

extension SelfReport.Noise {
  fileprivate var json: JSON {
    .object([("trace", .text(observation)), ("name", .text(name)), ("scenarios", .number(scenarios))])
  }
}

extension SelfReport.Doubt {
  fileprivate var json: JSON {
    .object([
      ("reason", .text(reason)), ("scenarios", .texts(scenarios)), ("replay", replay.map(JSON.text) ?? .null),
    ])
  }
}
