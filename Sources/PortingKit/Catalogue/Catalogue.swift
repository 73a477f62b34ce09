/// All rules. A new one is a row of the list of its topic.
enum Catalogue {
  static let rules =
    addresses + daemons + descriptors + failures + memory + messages + processes + readiness + signals + text + threads
    + language
}
