internal import Formats

extension Schema {
  /// The schema of `manifest.json`, the first file of a bundle.
  public static var bundle: String {
    let side = object(
      [
        ("words", list(text("A word of the command."))), ("environment", list(text("NAME=value"))),
        ("files", list(reference("programFile"))),
      ], required: ["words", "environment", "files"])
    let scenario = object(
      [
        ("name", text("The scenario's name.")),
        ("file", text("Its name in scenarios/NAME.yaml and transcripts/NAME/SIDE-NUMBER.json.")),
        ("played", number(0, "The number of runs of each side.")),
        ("left", number(0, "The number of transcripts of the left; 1 if all runs showed the same.")),
        ("right", number(0, "The number of transcripts of the right.")),
      ], required: ["name", "file", "played", "left", "right"])
    let file = object(
      [
        ("path", text("The name in the archive.")), ("bytes", number(0, "The size.")),
        ("sha256", text("Hexadecimal digits.")),
      ], required: ["path", "bytes", "sha256"])
    return form(
      "The manifest of a bundle of parity",
      object(
        [
          ("version", .object([("const", .number(Manifest.version))])), ("judge", text("The version of parity.")),
          ("date", text("In UTC, as in RFC 3339.")), ("command", list(text("A word of the command line."))),
          ("options", list(text("An option that repeats the comparison."))), ("role", choice(Role.self)),
          ("channels", list(choice(Channel.self))), ("verdict", verdict),
          ("seed", nullable("integer", "The seed of the fuzz run that generated a scenario, or null.")),
          ("left", reference("side")), ("right", reference("side")), ("machine", machine),
          ("scenarios", list(reference("scenario"))), ("files", list(reference("file"))),
        ],
        required: [
          "version", "judge", "date", "command", "options", "role", "channels", "verdict", "left", "right", "machine",
          "scenarios", "files",
        ]),
      [("side", side), ("programFile", programFile), ("scenario", scenario), ("file", file)])
  }

  /// The schema of a file `transcripts/NAME/SIDE-NUMBER.json` of a bundle.
  public static var transcript: String {
    let fragment = object([
      ("text", text("Bytes that are UTF-8.")), ("hex", text("Other bytes, as pairs of hexadecimal digits.")),
      ("event", text("An event, such as the end of a connection, or \"cut at byte N of M\".")),
      ("late", .object([("type", "boolean")])),
    ])
    let observation = object(
      [
        ("channel", choice(Channel.self)), ("name", text("The name within the channel, such as standard error.")),
        ("fragments", list(reference("fragment"))),
      ], required: ["channel", "name", "fragments"])
    let port = object(
      [("name", text("Such as {port}.")), ("port", text("The number that it replaced."))], required: ["name", "port"])
    return form(
      "A transcript of parity",
      object(
        [
          ("scenario", text("The scenario's name.")), ("side", .object([("enum", .texts(["left", "right"]))])),
          ("run", number(1, "The number of the run.")), ("hang", nullable("string", "The step at which it hung.")),
          ("ports", list(port)), ("observations", list(reference("observation"))),
        ], required: ["scenario", "side", "run", "ports", "observations"]),
      [("observation", observation), ("fragment", fragment)])
  }

  /// The schema of the JSON of `parity verify`.
  public static var verification: String {
    let standing = JSON.object([("enum", .texts(["still true", "no longer true", "not judged"]))])
    let either = either([.object([("type", "null")]), reference("cell")])
    let cellThenAndNow = object(
      [("channel", choice(Channel.self)), ("standing", standing), ("then", reference("cell")), ("now", either)],
      required: ["channel", "standing", "then", "now"])
    let change = object(
      [("channel", choice(Channel.self)), ("difference", difference)], required: ["channel", "difference"])
    let scenario = object(
      [
        ("name", text("The scenario's name.")), ("standing", standing),
        ("troubles", list(text("Why it was not played."))),
        ("alike", .object([("type", "boolean")])), ("cells", list(reference("cells"))),
        ("left", list(reference("change"))), ("right", list(reference("change"))),
      ], required: ["name", "standing", "troubles", "alike", "cells", "left", "right"])
    let file = object(
      [
        ("side", .object([("enum", .texts(["left", "right"]))])), ("same", .object([("type", "boolean")])),
        ("then", reference("programFile")), ("now", reference("programFile")),
      ], required: ["side", "same", "then", "now"])
    let verdicts = object(
      [("then", verdict), ("now", self.either([.object([("type", "null")]), verdict]))], required: ["then", "now"])
    return form(
      "A verification of parity",
      object(
        [
          ("version", .object([("const", .number(Verification.formatVersion))])), ("standing", standing),
          ("verdict", verdicts), ("bundle", text("The path.")), ("sha256", text("The hash of the bundle.")),
          ("date", text("When the bundle was made.")), ("left", list(text("A word of the command."))),
          ("right", list(text("A word of the command."))),
          ("tampering", list(text("A file of the bundle that is not as it was written."))),
          ("machine", object([("then", machine), ("now", machine)], required: ["then", "now"])), ("files", list(file)),
          ("scenarios", list(reference("scenario"))),
        ],
        required: [
          "version", "standing", "verdict", "bundle", "sha256", "date", "left", "right", "tampering", "machine",
          "files", "scenarios",
        ]),
      [
        ("scenario", scenario), ("cells", cellThenAndNow), ("cell", cell), ("change", change),
        ("programFile", programFile),
      ])
  }

  private static var programFile: JSON {
    object(
      [
        ("path", text("The path on the machine.")), ("bytes", nullable("integer", "The size.")),
        ("sha256", nullable("string", "Null if the file does not exist.")),
      ], required: ["path", "bytes", "sha256"])
  }

  private static var machine: JSON {
    object(
      [
        ("kernel", text("Its name and release.")), ("libc", text("The C library and its version.")),
        ("distribution", text("From os-release(5).")), ("processor", text("Its model.")),
        ("processors", number(1, "Their number.")),
      ], required: ["kernel", "libc", "distribution", "processor", "processors"])
  }
}
