/// JSON Schemas (draft 2020-12) of the formats that `parity` reads and writes.
public enum Schema {
  /// The schema of a scenario's YAML.
  public static var scenario: String {
    form(
      "A scenario of parity",
      object(
        [
          ("name", text("What reports call it; the file's name if it is missing.")), ("role", choice(Role.self)),
          ("about", text("One sentence.")), ("replay", reference("replay")), ("steps", list(reference("step"))),
        ], required: ["steps"]),
      [("step", step), ("time", number(0, "Milliseconds.")), ("replay", replay)])
  }

  /// The schema of the JSON report.
  public static var report: String {
    let cost = object(
      [
        ("microseconds", number(0, "Of processor time, the mean of the runs.")),
        ("peakMemory", number(0, "Bytes.")),
        (
          "calls",
          .object([
            ("type", .texts(["integer", "null"])), ("description", "System calls, where strace has counted them."),
          ])
        ),
      ], required: ["microseconds", "peakMemory"])
    let cell = JSON.object([
      ("type", "object"), ("required", .texts(["channel", "finding"])),
      (
        "properties",
        .object([
          ("channel", choice(Channel.self)),
          (
            "finding",
            .object([
              ("enum", .texts(["same", "different", "hung", "unstable", "known", "not judged", "measured"]))
            ])
          ),
          ("reason", text("Why it is known, or not judged.")), ("masks", list(.object([("type", "object")]))),
          ("difference", difference), ("left", cost), ("right", cost),
        ])
      ),
    ])
    let judgement = object(
      [
        ("name", text("The scenario's name.")), ("verdict", verdict), ("runs", number(1, "Of each side.")),
        ("troubles", list(text("A side that did not start, or where it hung."))), ("cells", list(reference("cell"))),
        ("yaml", text("The scenario, to run it again.")),
        ("number", nullable("integer", "Its number in a fuzz run.")),
        ("replay", nullable("string", "The line that shows the difference again.")),
      ], required: ["name", "verdict", "cells"])
    return form(
      "A report of parity",
      object(
        [
          ("version", .object([("const", .number(Report.formatVersion))])), ("verdict", verdict),
          ("left", list(text("A word of the command."))), ("right", list(text("A word of the command."))),
          ("channels", list(choice(Channel.self))), ("milliseconds", number(0, "How long it took.")),
          ("scenarios", list(reference("judgement"))),
          ("stale", list(reference("mask"))), ("fuzz", either([.object([("type", "null")]), reference("fuzz")])),
        ], required: ["version", "verdict", "scenarios"]),
      [("judgement", judgement), ("cell", cell), ("mask", mask), ("fuzz", fuzz)])
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
        ("server", number(0, "Its place in the list.")), ("client", number(0, "Its place in the list.")),
        ("verdict", verdict), ("hung", .object([("type", "boolean")])),
        ("troubles", list(text("What did not start, or did not end."))), ("parts", list(reference("part"))),
      ], required: ["server", "client", "verdict", "hung", "troubles", "parts"])
    let commands = list(list(text("A word of a command.")))
    return form(
      "A grid of parity",
      object(
        [
          ("version", .object([("const", .number(Report.formatVersion))])), ("verdict", verdict),
          ("servers", commands), ("clients", commands), ("milliseconds", number(0, "How long it took.")),
          ("cells", list(reference("cell"))),
        ], required: ["version", "verdict", "servers", "clients", "milliseconds", "cells"]),
      [("cell", cell), ("part", part)])
  }

  private static var difference: JSON {
    object(
      [
        ("trace", text("Which one of the channel's, such as a connection.")),
        ("offset", number(0, "How many bytes the sides have in common before it.")),
        ("before", text("What both have before it.")), ("left", list(text("What each run has there."))),
        ("right", list(text("The same of the right."))), ("after", text("What both have after it.")),
        ("note", nullable("string", "Such as that one side varies.")),
      ], required: ["trace", "left", "right"])
  }

  private static var replay: JSON {
    object(
      [
        ("left", text("A command.")), ("right", text("A command.")), ("left-env", list(text("NAME=value"))),
        ("right-env", list(text("NAME=value"))), ("channels", list(choice(Channel.self))),
        ("timeout", reference("time")), ("seed", number(0, "What it was made up from.")),
        ("run", number(1, "Its number.")),
      ], required: ["left", "right"])
  }

  // MARK: Steps

  private static var step: JSON {
    let payload: [(String, JSON)] = [
      ("text", text("Bytes as UTF-8.")), ("hex", text("Bytes as pairs of hexadecimal digits.")),
      ("file", text("A file beside the scenario.")), ("times", number(1, "How often.")),
    ]
    let peer = ("peer", text("The peer's name."))
    let joining = either([
      text("The peer's name."),
      object(
        [peer, ("window", number(1, "The receive buffer, in bytes.")), ("reads", .object([("type", "boolean")]))],
        required: ["peer"]),
    ])
    let split = either([.object([("const", "every-byte")]), list(number(1, "An offset."))])
    let sending =
      [peer] + payload + [("split", split), ("pause", reference("time")), ("urgent", .object([("type", "boolean")]))]
    let receiving = [
      peer, ("count", number(1, "So many bytes.")), ("pattern", text("Up to these bytes.")),
      ("until", .object([("const", "end")])), ("nothing", reference("time")), ("within", reference("time")),
    ]
    let forms: [(String, JSON)] = [
      ("start", .object([])), ("occupy", .object([])), ("connect", joining), ("accept", joining),
      ("listen", object([("backlog", number(0, "Connections that may wait."))])),
      ("send", object(sending, required: ["peer"])), ("half-close", text("The peer's name.")),
      ("close", text("The peer's name.")), ("reset", text("The peer's name.")),
      ("receive", object(receiving, required: ["peer"])),
      ("input", either([.object([("const", "end")]), object(payload)])), ("signal", choice(Signal.self)),
      ("wait-for-exit", object([("within", reference("time"))])), ("settle", reference("time")),
      (
        "repeat",
        object([("times", number(1, "How often.")), ("steps", list(reference("step")))], required: ["times", "steps"])
      ),
    ]
    let words = JSON.object([("enum", .texts(["start", "occupy", "listen", "wait-for-exit", "settle"]))])
    return either([words] + forms.map { object([$0], required: [$0.0]) })
  }

  // MARK: Parts

  /// A rule of a masks file that did not apply.
  private static var mask: JSON {
    object(
      [
        ("channel", choice(Channel.self)), ("scenario", nullable("string", "Every one where null.")),
        ("mask", text("A regular expression of what is left out.")),
        ("difference", text("A regular expression of a difference that is known.")), ("reason", text("Why.")),
      ], required: ["channel", "reason"])
  }

  private static var fuzz: JSON {
    object(
      [
        ("seed", number(0, "What the scenarios follow from.")), ("runs", number(1, "How many they are.")),
        ("shards", list(text("A part that was played, such as 3/16."))),
        ("played", number(0, "How many were played; only what is of note is among the scenarios.")),
        ("seldom", list(number(1, "One that differed, and not when it was looked at anew."))),
        ("compared", list(choice(Channel.self))),
      ], required: ["seed", "runs", "shards", "played", "seldom", "compared"])
  }

  private static func nullable(_ type: String, _ about: String) -> JSON {
    .object([("type", .texts([type, "null"])), ("description", .text(about))])
  }

  private static var verdict: JSON { .object([("enum", .texts(Verdict.allCases.map(\.name)))]) }

  private static func form(_ title: String, _ body: JSON, _ parts: [(String, JSON)]) -> String {
    guard case .object(let fields) = body else { return "" }
    let head: [(String, JSON)] = [
      ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", .text(title)),
    ]
    return JSON.object(head + fields + [("$defs", .object(parts))]).printed() + "\n"
  }

  private static func object(_ properties: [(String, JSON)], required: [String] = []) -> JSON {
    .object([
      ("type", "object"), ("additionalProperties", .flag(false)), ("required", .texts(required)),
      ("properties", .object(properties)),
    ])
  }

  private static func list(_ items: JSON) -> JSON { .object([("type", "array"), ("items", items)]) }

  private static func either(_ forms: [JSON]) -> JSON { .object([("anyOf", .list(forms))]) }

  private static func reference(_ name: String) -> JSON { .object([("$ref", .text("#/$defs/\(name)"))]) }

  private static func text(_ about: String) -> JSON { .object([("type", "string"), ("description", .text(about))]) }

  private static func number(_ least: Int, _ about: String) -> JSON {
    .object([("type", "integer"), ("minimum", .number(least)), ("description", .text(about))])
  }

  private static func choice<Value: RawRepresentable & CaseIterable>(_: Value.Type) -> JSON
  where Value.RawValue == String { .object([("enum", .texts(Value.allCases.map(\.rawValue)))]) }
}
