internal import Formats

/// JSON Schemas (draft 2020-12) of the formats that `parity` reads and writes.
public enum Schema {
  /// The schema of a scenario's YAML.
  public static var scenario: String {
    form(
      "A scenario of parity",
      object(
        [
          ("name", text("The name in reports; the default is the file's name.")), ("role", choice(Role.self)),
          ("about", text("One sentence.")), ("replay", reference("replay")), ("steps", list(reference("step"))),
        ], required: ["steps"]),
      [("step", step), ("time", number(0, "Milliseconds.")), ("replay", replay)])
  }

  /// The schema of the JSON report.
  public static var report: String {
    form(
      "A report of parity",
      object(
        [
          ("version", .object([("const", .number(Report.formatVersion))])), ("verdict", verdict),
          ("left", list(text("A word of the command."))), ("right", list(text("A word of the command."))),
          ("leftEnvironment", list(text("NAME=value"))), ("rightEnvironment", list(text("NAME=value"))),
          ("channels", list(choice(Channel.self))), ("milliseconds", number(0, "The duration.")),
          ("scenarios", list(reference("judgement"))),
          ("notes", list(text("What was decided before the comparison, such as the protocol."))),
          (
            "noise",
            object([
              ("left", number(0, "In how many scenarios the left's own runs differ.")),
              ("right", number(0, "The same for the right.")),
            ])
          ),
          ("stale", list(reference("mask"))), ("fuzz", either([.object([("type", "null")]), reference("fuzz")])),
        ], required: ["version", "verdict", "scenarios"]),
      [("judgement", result), ("cell", cell), ("mask", mask), ("fuzz", fuzz)])
  }

  /// The schema of a grid's JSON.
  public static var grid: String {
    let part = object(
      [
        ("who", .object([("enum", .texts(["server", "client"]))])), ("verdict", verdict),
        ("difference", either([.object([("type", "null")]), difference])),
      ], required: ["who", "verdict", "difference"])
    let cell = object(
      [
        ("server", number(0, "The index in the list.")), ("client", number(0, "The index in the list.")),
        ("verdict", verdict), ("hung", .object([("type", "boolean")])),
        ("troubles", list(text("Which program did not start, or did not end."))), ("parts", list(reference("part"))),
      ], required: ["server", "client", "verdict", "hung", "troubles", "parts"])
    let commands = list(list(text("A word of a command.")))
    return form(
      "A grid of parity",
      object(
        [
          ("version", .object([("const", .number(Report.formatVersion))])), ("verdict", verdict),
          ("servers", commands), ("clients", commands), ("milliseconds", number(0, "The duration.")),
          ("cells", list(reference("cell"))),
        ], required: ["version", "verdict", "servers", "clients", "milliseconds", "cells"]),
      [("cell", cell), ("part", part)])
  }

  /// The costs of one side in a scenario.
  private static var cost: JSON {
    object(
      [
        ("microseconds", number(0, "Processor time, the mean of all runs.")),
        ("peakMemory", number(0, "Bytes.")),
        (
          "calls",
          .object([
            ("type", .texts(["integer", "null"])),
            ("description", "The number of system calls; null if strace did not count them."),
          ])
        ),
      ], required: ["microseconds", "peakMemory"])
  }

  /// The result of one channel in a scenario.
  static var cell: JSON {
    JSON.object([
      ("type", "object"), ("required", .texts(["channel", "finding"])),
      (
        "properties",
        .object([
          ("channel", choice(Channel.self)),
          (
            "finding",
            .object([
              (
                "enum",
                .texts(["same", "different", "hung", "varies", "partly", "noted", "known", "not judged", "measured"])
              )
            ])
          ),
          ("reason", text("Why the difference is known, or why the channel was not judged.")),
          ("masks", list(.object([("type", "object")]))),
          ("difference", difference), ("left", cost), ("right", cost),
        ])
      ),
    ])
  }

  /// The result of a scenario.
  private static var result: JSON {
    object(
      [
        ("name", text("The scenario's name.")), ("verdict", verdict),
        ("runs", number(1, "The number of runs of each side.")),
        ("troubles", list(text("Which side did not start, or at which step it hung."))),
        ("vacuous", list(text("A step that did nothing in each run of both sides, and why."))),
        ("cells", list(reference("cell"))),
        ("yaml", text("The scenario as YAML.")),
        ("number", nullable("integer", "Its number in a fuzz run.")),
        ("replay", nullable("string", "The command line that repeats the difference.")),
      ], required: ["name", "verdict", "cells"])
  }

  static var difference: JSON {
    object(
      [
        ("trace", text("The name within the channel, such as a connection.")),
        ("offset", number(0, "The number of equal bytes before it.")),
        ("before", text("The common text before it.")), ("left", list(text("The text of each left run."))),
        ("right", list(text("The text of each right run."))), ("after", text("The common text after it.")),
        ("note", nullable("string", "A note, such as that one side varies, or how often each side did it.")),
        ("others", list(.object([("type", "object")]))),
      ], required: ["trace", "left", "right"])
  }

  // MARK: Parts

  /// A rule of a masks file that did not apply.
  static var mask: JSON {
    object(
      [
        ("channel", choice(Channel.self)), ("scenario", nullable("string", "The scenario; null for all scenarios.")),
        ("mask", text("A regular expression; matching text is not compared.")),
        ("difference", text("A regular expression; a matching difference is known.")),
        ("reason", text("The reason for the rule.")),
      ], required: ["channel", "reason"])
  }

  private static var fuzz: JSON {
    object(
      [
        ("seed", number(0, "The seed of the scenarios.")),
        ("runs", number(1, "The number of scenarios of the whole run.")),
        ("shards", list(text("A shard that was played, such as 3/16."))),
        (
          "played",
          number(0, "The number of scenarios played; the list has only those that differ, vary or have a mask.")
        ),
        ("compared", list(choice(Channel.self))),
      ], required: ["seed", "runs", "shards", "played", "compared"])
  }

  static func nullable(_ type: String, _ about: String) -> JSON {
    .object([("type", .texts([type, "null"])), ("description", .text(about))])
  }

  static var verdict: JSON { .object([("enum", .texts(Verdict.allCases.map(\.name)))]) }

  static func form(_ title: String, _ body: JSON, _ parts: [(String, JSON)]) -> String {
    guard case .object(let fields) = body else { return "" }
    let head: [(String, JSON)] = [
      ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", .text(title)),
    ]
    return JSON.object(head + fields + [("$defs", .object(parts))]).printed() + "\n"
  }

  static func object(_ properties: [(String, JSON)], required: [String] = []) -> JSON {
    .object([
      ("type", "object"), ("additionalProperties", .flag(false)), ("required", .texts(required)),
      ("properties", .object(properties)),
    ])
  }

  static func list(_ items: JSON) -> JSON { .object([("type", "array"), ("items", items)]) }

  static func either(_ forms: [JSON]) -> JSON { .object([("anyOf", .list(forms))]) }

  static func reference(_ name: String) -> JSON { .object([("$ref", .text("#/$defs/\(name)"))]) }

  static func text(_ about: String) -> JSON { .object([("type", "string"), ("description", .text(about))]) }

  static func number(_ least: Int, _ about: String) -> JSON {
    .object([("type", "integer"), ("minimum", .number(least)), ("description", .text(about))])
  }

  static func choice<Value: RawRepresentable & CaseIterable>(_: Value.Type) -> JSON
  where Value.RawValue == String { .object([("enum", .texts(Value.allCases.map(\.rawValue)))]) }
}
