/// Colour, if the terminal shows it.
struct TerminalStyle {
  let isOn: Bool

  func red(_ text: String) -> String { painted(text, 31) }
  func green(_ text: String) -> String { painted(text, 32) }
  func yellow(_ text: String) -> String { painted(text, 33) }

  func shade(_ text: String, _ finding: Finding) -> String {
    switch finding {
    case .different: red(text)
    case .hung, .varies, .partly: yellow(text)
    case .noted, .known, .notJudged, .measured: painted(text, 2)
    case .same: text
    }
  }

  private func painted(_ text: String, _ code: Int) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
