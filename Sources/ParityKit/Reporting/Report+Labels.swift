internal import Formats

// Words, signs and colours of a page. Colour never carries information alone.

extension Finding {
  /// The CSS class.
  var kind: String {
    switch self {
    case .same(let masks): masks.isEmpty ? "same" : "same masked"
    case .different: "different"
    case .hung: "hung"
    case .varies: "varies"
    case .partly: "hung"
    case .noted, .known: "known"
    case .notJudged, .measured: "quiet"
    }
  }

  var sign: String {
    switch self {
    case .same: "✓"
    case .different: "✗"
    case .hung: "◌"
    case .varies: "≈"
    case .partly: "◌"
    case .noted: "·"
    case .known: "✓"
    case .notJudged, .measured: "–"
    }
  }

  /// The text after a channel's name.
  var phrase: String {
    switch self {
    case .same: "is the same"
    case .different: "differs"
    case .hung: "hung"
    case .varies: "varies from run to run"
    case .partly: "is judged only partly"
    case .noted: "differ, which does not decide"
    case .known: "has a known difference"
    case .notJudged: "is not judged"
    case .measured: "is measured"
    }
  }

  /// The text in a cell of the grid.
  var gridHTML: HTML {
    switch self {
    case .same(let masks): masks.isEmpty ? "✓ same" : "✓ same<abbr title=\"except for masked text\">*</abbr>"
    case .different: "✗ differs"
    case .hung: "◌ hung"
    case .varies: "≈ varies"
    case .partly: "◌ partly"
    case .noted: "· noted"
    case .known: "✓ known"
    case .notJudged(let reason): "<span title=\"\(reason)\">–<span class=\"unseen\"> not judged</span></span>"
    case .measured(let left, let right): "\(left.milliseconds) | \(right.milliseconds) ms"
    }
  }
}

extension Channel {
  /// The channel, and the connection or stream in it.
  func title(of observation: String) -> String {
    observation == rawValue ? rawValue : "\(rawValue) · \(observation)"
  }
}

extension Verdict {
  var kind: String {
    switch self {
    case .same: "same"
    case .different: "different"
    case .notJudged: "hung"
    case .varies: "varies"
    }
  }

  var mark: String {
    switch self {
    case .same: "✓"
    case .different: "✗"
    case .notJudged: "?"
    case .varies: "≈"
    }
  }

  var sign: HTML {
    "<span class=\"sign \(kind)\" aria-hidden=\"true\">\(mark)</span><span class=\"unseen\">\(name):</span>"
  }
}

extension Program {
  /// The name of the program's file, without its folder.
  var name: String { words.first?.split(separator: "/").last.map(String.init) ?? "" }
}
