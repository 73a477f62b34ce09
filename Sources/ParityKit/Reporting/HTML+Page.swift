internal import Formats

extension HTML {
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

  /// A page of the judge. `grid` is the identifier of the first part to read.
  static func page(_ title: String, header: HTML, main: HTML) -> String {
    page(
      title, program: "parity", style: Report.style,
      body: """
        <a class="skip" href="#grid">Skip to the grid</a>
        \(header)
        <main>
        \(main)
        </main>
        """)
  }
}
