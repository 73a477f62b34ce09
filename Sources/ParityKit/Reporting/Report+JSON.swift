internal import Formats

extension Report {
  /// The version of the JSON format, which `Schema.report` describes.
  public static let formatVersion = 1

  /// The report as JSON.
  public var json: String {
    JSON.object([
      ("version", .number(Self.formatVersion)), ("verdict", .text(verdict.name)), ("left", .texts(left.words)),
      ("right", .texts(right.words)), ("leftEnvironment", .texts(left.entries)),
      ("rightEnvironment", .texts(right.entries)), ("channels", .texts(channels.map(\.rawValue))),
      ("milliseconds", .number(Int(time / .milliseconds(1)))), ("scenarios", .list(results.map(\.json))),
      ("noise", .object([("left", .number(noise.left)), ("right", .number(noise.right))])),
      ("stale", .list(stale.map(\.json))), ("fuzz", fuzzed.map(\.json) ?? .null),
      ("notes", .texts(notes)),
    ]).printed() + "\n"
  }

  /// The report as JUnit XML: a test case for each judged cell.
  public var junit: String {
    var cases: [String] = []
    var (failures, errors, skipped) = (0, 0, 0)
    for result in results {
      let replay = result.replay.map { "; replay with: \($0)" } ?? ""
      for cell in result.cells {
        let head = "  <testcase classname=\(xml(result.scenario.name)) name=\(xml(cell.channel.rawValue))"
        let text = cell.finding.difference.map { "\($0.observation): left \($0.left), right \($0.right)" } ?? ""
        switch cell.finding {
        case .same, .noted, .known, .measured: cases.append("\(head)/>")
        case .different:
          failures += 1
          cases.append("\(head)><failure message=\(xml(text + replay))/></testcase>")
        case .hung, .varies, .partly:
          errors += 1
          cases.append(
            "\(head)><error message=\(xml("\(cell.finding.word.lowercased()): \(text)\(replay)"))/></testcase>")
        case .notJudged(let reason):
          skipped += 1
          cases.append("\(head)><skipped message=\(xml(reason))/></testcase>")
        }
      }
      for trouble in result.troubles where result.cells.allSatisfy({ !$0.finding.isJudged }) {
        errors += 1
        cases.append(
          "  <testcase classname=\(xml(result.scenario.name)) name=\"start\">"
            + "<error message=\(xml(trouble + replay))/></testcase>"
        )
      }
    }
    if let fuzzed {
      let same = fuzzed.played - results.count { $0.number != nil && $0.verdict != .same }
      cases.append("  <testcase classname=\"fuzz\" name=\(xml("\(same) scenarios of seed \(fuzzed.seed)"))/>")
    }
    for rule in stale {
      errors += 1
      cases.append(
        "  <testcase classname=\"masks\" name=\(xml(rule.pattern))>"
          + "<error message=\"it no longer applies\"/></testcase>")
    }
    let tests = cases.count
    if !vacuousLines.isEmpty {
      cases.append("  <system-out>\(vacuousLines.map(xmlText).joined(separator: "\n"))</system-out>")
    }
    let counts = "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
    return
      (["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuite name=\"parity\" \(counts) time=\"\(time.tenths)\">"]
      + [
        "  <properties><property name=\"left\" value=\(xml(left.title))/>"
          + "<property name=\"right\" value=\(xml(right.title))/></properties>"
      ] + cases + ["</testsuite>"]).joined(separator: "\n") + "\n"
  }
}

/// A quoted XML attribute.
func xml(_ text: String) -> String { "\"\(xmlText(text))\"" }

/// Characters that XML does not allow become question marks.
private func xmlText(_ text: String) -> String {
  var quoted = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": quoted += "&amp;"
    case "<": quoted += "&lt;"
    case "\"": quoted += "&quot;"
    case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: quoted += "?"
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted
}

extension Verdict {
  public var name: String {
    switch self {
    case .same: "same"
    case .different: "different"
    case .notJudged: "not judged"
    case .varies: "varies"
    }
  }
}

extension ScenarioResult {
  fileprivate var json: JSON {
    .object([
      ("name", .text(scenario.name)), ("verdict", .text(verdict.name)), ("runs", .number(runs)),
      ("troubles", .texts(troubles)), ("vacuous", .texts(vacuous)), ("cells", .list(cells.map(\.json))),
      ("yaml", .text(scenario.yaml)),
      ("number", number.map(JSON.number) ?? .null),
      ("replay", verdict == .same && !hasDifference ? .null : replay.map(JSON.text) ?? .null),
    ])
  }
}

extension ScenarioResult.Cell {
  var json: JSON {
    var fields: [(String, JSON)] = [("channel", .text(channel.rawValue))]
    switch finding {
    case .same(let masks):
      fields.append(("finding", "same"))
      fields.append(("masks", .list(masks.map(\.json))))
    case .different: fields.append(("finding", "different"))
    case .hung: fields.append(("finding", "hung"))
    case .varies: fields.append(("finding", "varies"))
    case .partly: fields.append(("finding", "partly"))
    case .noted: fields.append(("finding", "noted"))
    case .known(_, let reason): fields += [("finding", "known"), ("reason", .text(reason))]
    case .notJudged(let reason): fields += [("finding", "not judged"), ("reason", .text(reason))]
    case .measured(let left, let right):
      fields += [("finding", "measured"), ("left", left.json), ("right", right.json)]
    }
    if let difference = finding.difference { fields.append(("difference", difference.json)) }
    return .object(fields)
  }
}

extension Mask {
  fileprivate var json: JSON {
    .object([
      ("trace", .text(observation)), ("name", .text(name)), ("after", .text(after)), ("left", .texts(left)),
      ("right", .texts(right)), ("note", note.map(JSON.text) ?? .null),
    ])
  }
}

extension MaskRule {
  fileprivate var json: JSON {
    .object([
      ("channel", .text(channel.rawValue)), ("scenario", scenario.map(JSON.text) ?? .null),
      (isDifference ? "difference" : "mask", .text(pattern)), ("reason", .text(reason)),
    ])
  }
}

extension FuzzSummary {
  fileprivate var json: JSON {
    .object([
      ("seed", .number(seed)), ("runs", .number(runs)), ("shards", .texts(shards.map(\.description))),
      ("played", .number(played)),
      ("compared", .texts(Channel.allCases.filter(compared.contains).map(\.rawValue))),
    ])
  }
}

extension Difference {
  var json: JSON {
    .object(
      [
        ("trace", .text(observation)), ("offset", .number(offset)), ("before", .text(before)), ("left", .texts(left)),
        ("right", .texts(right)), ("after", .text(after)), ("note", note.map(JSON.text) ?? .null),
      ] + (others.isEmpty ? [] : [("others", .list(others.map(\.json)))]))
  }
}

extension ResourceUsage {
  fileprivate var json: JSON {
    .object([
      ("microseconds", .number(Int(processorTime / .microseconds(1)))), ("peakMemory", .number(peakMemory)),
      ("calls", calls.map(JSON.number) ?? .null),
    ])
  }
}
