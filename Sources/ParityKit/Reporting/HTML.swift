/// HTML. Literals are markup; interpolated text is escaped, so nothing that a program printed can become markup, or
/// hide or reorder the text beside it.
struct HTML: ExpressibleByStringInterpolation {
  private(set) var markup: String

  init(stringLiteral markup: String) { self.markup = markup }

  init(stringInterpolation: StringInterpolation) { markup = stringInterpolation.markup }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var markup = ""

    init(literalCapacity: Int, interpolationCount _: Int) { markup.reserveCapacity(literalCapacity * 2) }

    mutating func appendLiteral(_ literal: String) { markup += literal }

    mutating func appendInterpolation(_ text: String) { markup += HTML.escaped(text) }

    mutating func appendInterpolation(_ number: Int) { markup += String(number) }

    mutating func appendInterpolation(_ html: HTML) { markup += html.markup }

    mutating func appendInterpolation(_ list: [HTML]) {
      for html in list { markup += html.markup }
    }
  }

  static let nothing: HTML = ""

  /// A table that can be scrolled sideways.
  static func grid(caption: String, corner: String, columns: [HTML], rows: [HTML], legend: HTML) -> HTML {
    """
    <section aria-labelledby="grid"><h2 id="grid">Grid</h2>
    <div class="wide" role="region" aria-labelledby="grid" tabindex="0"><table class="grid">
    <caption class="unseen">\(caption)</caption>
    <thead><tr><th scope="col">\(corner)</th>\(columns)</tr></thead>
    <tbody>
    \(rows)</tbody></table></div>
    <p class="legend">\(legend)</p></section>

    """
  }

  /// A page that loads nothing and contains no script. `grid` is the identifier of the first part to read.
  static func page(_ title: String, header: HTML, main: HTML) -> String {
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-parity'">
      <title>\(title) · parity</title>
      <style nonce="parity">
      \(Report.style)</style>
      </head>
      <body>
      <a class="skip" href="#grid">Skip to the grid</a>
      \(header)
      <main>
      \(main)
      </main>
      </body>
      </html>

      """
    return page.markup
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n": escaped += "\n"
      case _ where isHidden(scalar): escaped += "\\u{\(String(scalar.value, radix: 16))}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Whether a character is invisible or changes how its neighbours are shown: controls, directional marks, and
  /// unassigned code points.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: true
    default: false
    }
  }
}
