// What a page says in words, signs and colours; colour never says it alone.

extension Finding {
  /// The style's name for it.
  var kind: String {
    switch self {
    case .same(let masks): masks.isEmpty ? "same" : "same masked"
    case .different: "different"
    case .hung: "hung"
    case .unstable: "unstable"
    case .known: "known"
    case .notJudged, .measured: "quiet"
    }
  }

  var sign: String {
    switch self {
    case .same: "✓"
    case .different: "✗"
    case .hung: "◌"
    case .unstable: "≈"
    case .known: "✓"
    case .notJudged, .measured: "–"
    }
  }

  /// After the name of a channel.
  var phrase: String {
    switch self {
    case .same: "is the same"
    case .different: "differs"
    case .hung: "hung"
    case .unstable: "varies from run to run"
    case .known: "differs, as is known"
    case .notJudged: "is not judged"
    case .measured: "is measured"
    }
  }

  /// In a cell of the grid.
  var gridHTML: HTML {
    switch self {
    case .same(let masks): masks.isEmpty ? "✓ same" : "✓ same<abbr title=\"but for what is masked\">*</abbr>"
    case .different: "✗ differs"
    case .hung: "◌ hung"
    case .unstable: "≈ noise"
    case .known: "✓ known"
    case .notJudged(let reason): "<span title=\"\(reason)\">–<span class=\"unseen\"> not judged</span></span>"
    case .measured(let left, let right): "\(left.milliseconds) | \(right.milliseconds) ms"
    }
  }
}

extension Verdict {
  var kind: String {
    switch self {
    case .same: "same"
    case .different: "different"
    case .notJudged: "hung"
    }
  }

  var mark: String {
    switch self {
    case .same: "✓"
    case .different: "✗"
    case .notJudged: "?"
    }
  }

  var sign: HTML {
    "<span class=\"sign \(kind)\" aria-hidden=\"true\">\(mark)</span><span class=\"unseen\">\(name):</span>"
  }
}

extension Program {
  /// The file's name, without its folders.
  var name: String { words.first?.split(separator: "/").last.map(String.init) ?? "" }
}
