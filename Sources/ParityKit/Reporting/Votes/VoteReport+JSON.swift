internal import Formats

extension VoteReport {
  /// The vote as JSON, which `Schema.vote` describes. Programs are named by their index in `programs`.
  public var json: String {
    JSON.object([
      ("version", .number(Report.formatVersion)), ("verdict", .text(verdict.name)),
      ("programs", .list(programs.map { .texts($0.words) })), ("channels", .texts(channels.map(\.rawValue))),
      ("milliseconds", .number(Int(time / .milliseconds(1)))), ("alone", .list(alone.map(JSON.number))),
      ("troubles", .texts(troubles)), ("scenarios", .list(results.map(\.json))),
    ]).printed() + "\n"
  }

  /// The vote as JUnit XML: a test case for each program in each scenario, which fails if the program is alone, or
  /// in a smaller group than others.
  public var junit: String {
    var cases: [String] = []
    var (failures, errors) = (0, 0)
    for result in results {
      for program in programs.indices {
        let name = xml("\(Self.name(program)): \(programs[program])")
        let head = "  <testcase classname=\(xml(result.scenario.name)) name=\(name)"
        let word = result.word(program)
        let message = xml("\(word) in \(result.channelNames)")
        switch word {
        case "same": cases.append("\(head)/>")
        case "?":
          errors += 1
          cases.append("\(head)><error message=\(message)/></testcase>")
        default:
          failures += 1
          cases.append("\(head)><failure message=\(message)/></testcase>")
        }
      }
    }
    for trouble in troubles {
      errors += 1
      cases.append("  <testcase classname=\"start\" name=\"start\"><error message=\(xml(trouble))/></testcase>")
    }
    let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
    return
      ([
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "<testsuite name=\"parity vote\" \(counts) time=\"\(time.tenths)\">",
      ]
      + cases + ["</testsuite>"]).joined(separator: "\n") + "\n"
  }
}

extension VoteResult {
  fileprivate var json: JSON {
    .object([
      ("name", .text(scenario.name)), ("verdict", .text(verdict.name)), ("runs", .list(runs.map(JSON.number))),
      ("troubles", .texts(troubles)), ("groups", split.json), ("alone", .list(split.alone.map(JSON.number))),
      ("cells", .list(cells.map(\.json))), ("yaml", .text(scenario.yaml)),
    ])
  }
}

extension VoteResult.Cell {
  fileprivate var json: JSON {
    let differences = differences.sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }.map {
      JSON.object([
        ("left", .number($0.key.first)), ("right", .number($0.key.second)), ("difference", $0.value.json),
      ])
    }
    return .object([
      ("channel", .text(channel.rawValue)), ("verdict", .text(split.verdict.name)), ("groups", split.json),
      ("alone", .list(split.alone.map(JSON.number))), ("tie", .flag(split.isTie)), ("reasons", .texts(reasons)),
      ("differences", .list(differences)),
    ])
  }
}

extension Split {
  fileprivate var json: JSON { .list(groups.map { .list($0.map(JSON.number)) }) }
}

extension Schema {
  /// The schema of the JSON of a vote.
  public static var vote: String {
    let programs = list(number(0, "The index of a program."))
    let pair = object(
      [
        ("left", number(0, "The index of a program.")), ("right", number(0, "Another one.")),
        ("difference", difference),
      ],
      required: ["left", "right", "difference"])
    let cell = object(
      [
        ("channel", choice(Channel.self)), ("verdict", verdict), ("groups", list(programs)), ("alone", programs),
        ("tie", .object([("type", "boolean")])), ("reasons", list(text("Why a pair was not judged."))),
        ("differences", list(pair)),
      ], required: ["channel", "verdict", "groups", "alone", "tie", "reasons", "differences"])
    let result = object(
      [
        ("name", text("The scenario's name.")), ("verdict", verdict),
        ("runs", list(number(0, "The number of runs of each program."))),
        ("troubles", list(text("Which program did not start, or at which step it hung."))),
        ("groups", list(programs)), ("alone", programs), ("cells", list(cell)), ("yaml", text("The scenario as YAML.")),
      ], required: ["name", "verdict", "groups", "alone", "cells"])
    return form(
      "A vote of parity",
      object(
        [
          ("version", .object([("const", .number(Report.formatVersion))])), ("verdict", verdict),
          ("programs", list(list(text("A word of a command.")))), ("channels", list(choice(Channel.self))),
          ("milliseconds", number(0, "The duration.")),
          ("alone", list(number(0, "In how many scenarios each program is alone."))),
          ("troubles", list(text("Which program did not start."))), ("scenarios", list(result)),
        ], required: ["version", "verdict", "programs", "channels", "alone", "troubles", "scenarios"]),
      [])
  }
}
