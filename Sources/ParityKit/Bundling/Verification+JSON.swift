internal import Formats

extension Verification {
  /// The version of the JSON format, which `Schema.verification` describes.
  static let formatVersion = 1

  public var json: String {
    let verdicts = JSON.object([
      ("then", .text(bundle.manifest.verdict.name)), ("now", report.map { .text($0.verdict.name) } ?? .null),
    ])
    return JSON.object([
      ("version", .number(Self.formatVersion)), ("standing", .text(standing.rawValue)), ("verdict", verdicts),
      ("bundle", .text(bundle.path)), ("sha256", .text(bundle.digest)), ("date", .text(bundle.manifest.date)),
      ("left", .texts(left.words)), ("right", .texts(right.words)), ("tampering", .texts(bundle.tampering)),
      ("machine", .object([("then", bundle.manifest.machine.json), ("now", machine.json)])),
      ("files", .list(files.map(\.json))), ("scenarios", .list(scenarios.map(\.json))),
    ]).printed() + "\n"
  }
}

extension Verification.FileCheck {
  fileprivate var json: JSON {
    .object([
      ("side", .text(side)), ("same", .flag(change == nil)), ("then", then.json), ("now", now.json),
    ])
  }
}

extension VerifiedScenario {
  fileprivate var json: JSON {
    .object([
      ("name", .text(name)), ("standing", .text(standing.rawValue)), ("troubles", .texts(troubles)),
      ("alike", .flag(haveChangedAlike)), ("cells", .list(cells.map(\.json))), ("left", .list(left.map(\.json))),
      ("right", .list(right.map(\.json))),
    ])
  }
}

extension VerifiedScenario.Cell {
  fileprivate var json: JSON {
    .object([
      ("channel", .text(channel.rawValue)), ("standing", .text(standing.rawValue)),
      ("then", ScenarioResult.Cell(channel: channel, finding: then).json),
      ("now", now.map { ScenarioResult.Cell(channel: channel, finding: $0).json } ?? .null),
    ])
  }
}

extension SideComparison.Change {
  /// The left of the difference is then, and its right is now.
  fileprivate var json: JSON {
    .object([("channel", .text(channel.rawValue)), ("difference", difference.json)])
  }
}
