internal import Formats

extension Schema {
  /// The schema of the JSON of `parity self`.
  public static var selfReport: String {
    form(
      "A report of parity self",
      object(
        [
          ("version", .object([("const", .number(Report.formatVersion))])), ("verdict", verdict),
          ("program", list(text("A word of the command."))), ("milliseconds", number(0, "The duration.")),
          ("scenarios", number(1, "The number of scenarios.")),
          ("conclusion", text("The channels that can be believed, and what is masked in them.")),
          ("channels", list(reference("channel"))),
          ("troubles", list(reference("doubt"))),
        ], required: ["version", "verdict", "program", "scenarios", "conclusion", "channels", "troubles"]),
      [("channel", row), ("noise", noise), ("doubt", doubt)])
  }

  private static var row: JSON {
    object(
      [
        ("channel", choice(Channel.self)), ("judged", number(0, "The number of scenarios in which it was judged.")),
        ("believable", nullable("boolean", "Whether it can be believed; null if it was not judged.")),
        ("noise", list(reference("noise"))), ("doubts", list(reference("doubt"))),
      ], required: ["channel", "judged", "believable", "noise", "doubts"])
  }

  private static var noise: JSON {
    object(
      [
        ("trace", text("The name within the channel, such as standard error.")),
        ("name", text("A name for the masked text, such as {pid}.")),
        ("scenarios", number(1, "The number of scenarios that have it.")),
      ], required: ["trace", "name", "scenarios"])
  }

  private static var doubt: JSON {
    object(
      [
        ("reason", text("What differs, or why it could not be judged.")),
        ("scenarios", list(text("The name of a scenario."))),
        ("replay", nullable("string", "The command line that repeats it.")),
      ], required: ["reason", "scenarios", "replay"])
  }
}
