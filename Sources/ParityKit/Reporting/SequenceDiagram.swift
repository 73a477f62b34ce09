internal import Formats

/// The connections of both sides as sequence diagrams: the peer's lifeline at the left, the program's at the right, and
/// the events between them. For a screen reader, events that both sides share are written once.
struct SequenceDiagram {
  private let name: String
  private let rows: SideBySide<Connection.Event>
  /// Whether the program listens, so that the peer connects.
  private let isServer: Bool
  /// Whether a differing event is a difference; otherwise it is masked noise.
  private let isDifference: Bool

  var isSame: Bool { rows.isSame }

  init(_ left: Connection?, _ right: Connection?, role: Role, isDifference: Bool) {
    name = left?.name ?? right?.name ?? ""
    rows = SideBySide(left?.events ?? [], right?.events ?? [])
    isServer = role.listens
    self.isDifference = isDifference
  }

  /// The connections that differ, and some of those that do not.
  static func list(_ result: ScenarioResult) -> HTML {
    let (left, right) = (result.left.connections, result.right.connections)
    let wire = result.cells.first { $0.channel == .wire }?.finding
    let names = (left + right).map(\.name).distinct
    if names.isEmpty { return .nothing }
    var (same, skipped) = (0, 0)
    var shown: [HTML] = []
    for name in names {
      let diagram = SequenceDiagram(
        left.first { $0.name == name }, right.first { $0.name == name }, role: result.scenario.role,
        isDifference: wire?.difference != nil)
      same += diagram.isSame ? 1 : 0
      if diagram.isSame ? same > Limits.equalConnections : shown.count > Limits.equalConnections * 4 {
        skipped += 1
      } else {
        shown.append(diagram.html)
      }
    }
    let rest: HTML =
      skipped == 0 ? "" : "<p class=\"more\">\(skipped) more connections are not shown.</p>\n"
    return "<h4>Connections</h4>\n\(shown)\(rest)"
  }

  private var html: HTML {
    let heads: HTML = """
      <div class="pair heads" aria-hidden="true"><div class="ends"><b>peer \(name)</b><b>left</b></div>\
      <div class="ends"><b>peer \(name)</b><b>right</b></div></div>
      """
    return """
      <section class="diagram"><h5>Connection \(name)</h5>
      \(heads)
      <ol class="rows">
      \(rows.rows.map(row))</ol></section>

      """
  }

  private func row(_ row: SideBySide<Connection.Event>.Row) -> HTML {
    switch row {
    case .skipped(let count): return "<li class=\"skipped\">\(count) more, the same on both sides</li>\n"
    case .both(let event):
      let lane = lane(event)
      return """
        <li class="pair both"><div class="lane"><span class="unseen">both: </span>\(lane)</div>\
        <div class="lane twin" aria-hidden="true">\(lane)</div></li>

        """
    case .differing(let left, let right):
      let (kind, sign) = isDifference ? ("differs", "≠") : ("noise", "≈")
      let word = isDifference ? "differs" : "varies, and is masked"
      let lanes = lanes(left, right)
      return """
        <li class="pair \(kind)"><div class="lane"><span class="side">left</span>\(lanes.left)</div>\
        <i class="sign"><span aria-hidden="true">\(sign)</span><span class="unseen">\(word)</span></i>\
        <div class="lane"><span class="side">right</span>\(lanes.right)</div></li>

        """
    }
  }

  // MARK: One event

  private func lanes(_ left: Connection.Event?, _ right: Connection.Event?) -> (left: HTML, right: HTML) {
    if case .received(let left)? = left, case .received(let right)? = right {
      let texts = InlineDiff.bytes(left, right)
      return (arrow("from", texts[0]), arrow("from", texts[1]))
    }
    return (left.map(lane) ?? note("nothing"), right.map(lane) ?? note("nothing"))
  }

  private func lane(_ event: Connection.Event) -> HTML {
    switch event {
    case .connected: arrow(isServer ? "to" : "from", "connects")
    case .refused(let reason): arrow("to cut", "connects: \(reason)")
    case .sent(let what): arrow("to", "<span class=\"unseen\">the peer sends </span><code>\(what)</code>")
    case .received(let bytes): arrow("from", InlineDiff.bytes(bytes, bytes)[0])
    case .halfClosed: arrow("to", "half-closes")
    case .closed: arrow("to", "closes")
    case .didReset: arrow("to cut", "resets")
    case .end: arrow("from", "ends")
    case .reset: arrow("from cut", "resets")
    case .absent, .notConnected, .notAllTaken, .silence, .stillOpen, .late, .endless: note(event.words)
    }
  }

  private func arrow(_ kind: String, _ label: HTML) -> HTML {
    let sender: HTML = kind.hasPrefix("to") ? "" : "<span class=\"unseen\">the program: </span>"
    return "<div class=\"arrow \(kind)\">\(sender)\(label)</div>"
  }

  private func note(_ text: String) -> HTML { "<div class=\"note\">\(text)</div>" }
}

extension Connection.Event {
  fileprivate var words: String {
    if case .mark(let text, _) = fragment { text } else { "" }
  }
}
