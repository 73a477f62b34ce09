internal import Formats

/// The parts of a scenario.
extension Schema {
  static var replay: JSON {
    object(
      [
        ("left", text("A command.")), ("right", text("A command.")), ("left-env", list(text("NAME=value"))),
        ("right-env", list(text("NAME=value"))),
        ("left-files", list(text("PATH or PATH=NAME"))), ("right-files", list(text("PATH or PATH=NAME"))),
        ("channels", list(choice(Channel.self))),
        ("timeout", reference("time")), ("seed", number(0, "The seed of the fuzz run.")),
        ("run", number(1, "The number of the scenario.")),
      ], required: ["left", "right"])
  }

  // MARK: Steps

  static var step: JSON {
    let payload: [(String, JSON)] = [
      ("text", text("Bytes as UTF-8.")), ("template", text("Text in which ${NAME} is a captured value.")),
      ("hex", text("Bytes as pairs of hexadecimal digits.")),
      ("file", text("A file beside the scenario.")), ("times", number(1, "The number of repetitions.")),
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
      peer, ("count", number(1, "The number of bytes.")),
      ("pattern", text("Bytes; everything up to and including them is received.")),
      ("regex", text("A regular expression; everything up to its first match is received.")),
      ("capture", .object([("type", "object"), ("additionalProperties", text("An expression with one group."))])),
      ("until", .object([("const", "end")])), ("nothing", reference("time")), ("within", reference("time")),
    ]
    let forms: [(String, JSON)] = [
      ("start", .object([])), ("occupy", .object([])), ("connect", joining), ("accept", joining),
      ("listen", object([("backlog", number(0, "The maximum number of pending connections."))])),
      ("send", object(sending, required: ["peer"])), ("half-close", text("The peer's name.")),
      ("close", text("The peer's name.")), ("reset", text("The peer's name.")),
      ("receive", object(receiving, required: ["peer"])),
      ("input", either([.object([("const", "end")]), object(payload)])), ("signal", choice(Signal.self)),
      ("wait-for-exit", object([("within", reference("time"))])), ("settle", reference("time")),
      (
        "repeat",
        object(
          [("times", number(1, "The number of repetitions.")), ("steps", list(reference("step")))],
          required: ["times", "steps"])
      ),
    ]
    let words = JSON.object([("enum", .texts(["start", "occupy", "listen", "wait-for-exit", "settle"]))])
    return either([words] + forms.map { object([$0], required: [$0.0]) })
  }
}
