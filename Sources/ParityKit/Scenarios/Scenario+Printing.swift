extension Scenario: CustomStringConvertible {
  public var description: String { yaml }

  /// The scenario as YAML, in the form that `init(yaml:file:)` reads.
  public var yaml: String {
    var lines = ["name: \(quoted(name))", "role: \(role.rawValue)"]
    if let about { lines.append("about: \(quoted(about))") }
    if let replay { lines += ["replay:"] + replay.lines.map { "  " + $0 } }
    lines.append(steps.isEmpty ? "steps: []" : "steps:")
    return (lines + Step.lines(steps, indent: "  ")).joined(separator: "\n") + "\n"
  }
}

extension Step {
  static func lines(_ steps: [Step], indent: String) -> [String] {
    steps.flatMap { step in
      guard case .repeated(let times, let inner) = step else { return ["\(indent)- \(step.flow)"] }
      let head = ["\(indent)- repeat:", "\(indent)    times: \(times)"]
      let tail = inner.isEmpty ? ["\(indent)    steps: []"] : ["\(indent)    steps:"]
      return head + tail + lines(inner, indent: indent + "      ")
    }
  }

  /// The step in one line.
  var flow: String {
    switch self {
    case .start: "start"
    case .occupy: "occupy"
    case .connect(let peer, let manner): "connect: \(manner.flow(peer))"
    case .listen(let backlog): backlog == Limits.backlog ? "listen" : "listen: {backlog: \(backlog)}"
    case .accept(let peer, let manner): "accept: \(manner.flow(peer))"
    case .send(let peer, let payload, let pieces): "send: {peer: \(quoted(peer)), \(payload.flow)\(pieces.flow)}"
    case .halfClose(let peer): "half-close: \(quoted(peer))"
    case .close(let peer): "close: \(quoted(peer))"
    case .reset(let peer): "reset: \(quoted(peer))"
    case .receive(let peer, let expectation, let within, let captures):
      "receive: {peer: \(quoted(peer)), \(expectation.flow)\(within.map { ", within: \($0)" } ?? "")\(captures.flow)}"
    case .input(let payload): "input: {\(payload.flow)}"
    case .endInput: "input: end"
    case .signal(let signal): "signal: \(signal.rawValue)"
    case .waitForExit(let within): within.map { "wait-for-exit: {within: \($0)}" } ?? "wait-for-exit"
    case .settle(let milliseconds): milliseconds == 0 ? "settle" : "settle: \(milliseconds)"
    case .repeated(let times, let steps): "repeat: {times: \(times), steps: [\(steps.count) steps]}"
    }
  }
}

extension Manner {
  fileprivate func flow(_ peer: String) -> String {
    if self == Manner() { return quoted(peer) }
    let window = window.map { ", window: \($0)" } ?? ""
    return "{peer: \(quoted(peer))\(window)\(reads ? "" : ", reads: false")}"
  }
}

extension Pieces {
  fileprivate var flow: String {
    let split =
      switch cut {
      case .none: ""
      case .everyByte: ", split: every-byte"
      case .at(let offsets): ", split: [\(offsets.map(String.init).joined(separator: ", "))]"
      }
    return split + (pause == 0 ? "" : ", pause: \(pause)") + (urgent ? ", urgent: true" : "")
  }
}

extension Expectation {
  fileprivate var flow: String {
    switch self {
    case .count(let count): "count: \(count)"
    case .pattern(let pattern): "pattern: \(doubleQuoted(pattern))"
    case .regex(let regex): "regex: \(doubleQuoted(regex))"
    case .end: "until: end"
    case .nothing(let milliseconds): "nothing: \(milliseconds)"
    }
  }
}

extension [Capture] {
  fileprivate var flow: String {
    isEmpty ? "" : ", capture: {\(map { "\(quoted($0.name)): \(doubleQuoted($0.regex))" }.joined(separator: ", "))}"
  }
}

extension Payload {
  fileprivate var flow: String {
    let what =
      switch source {
      case .text(let text): "text: \(doubleQuoted(text))"
      case .template(let text): "template: \(doubleQuoted(text))"
      case .bytes(let bytes): "hex: \"\(bytes.map(hex).joined())\""
      case .file(let path): "file: \(doubleQuoted(path))"
      }
    return what + (times == 1 ? "" : ", times: \(times)")
  }
}

/// A YAML string: plain if YAML reads it as text, otherwise quoted.
func quoted(_ text: String) -> String {
  let words = ["true", "false", "null", "yes", "no", "on", "off", "end", "y", "n"]
  let isPlain =
    text.first?.isLetter == true && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
  return isPlain && !words.contains(text.lowercased()) ? text : doubleQuoted(text)
}

/// A double-quoted YAML string with every non-ASCII character escaped.
func doubleQuoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": quoted += "\\n"
    case "\r": quoted += "\\r"
    case "\t": quoted += "\\t"
    case "\"", "\\": quoted += "\\\(scalar)"
    case " "..."~": quoted.unicodeScalars.append(scalar)
    default:
      let digits = String(scalar.value, radix: 16)
      quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    }
  }
  return quoted + "\""
}
