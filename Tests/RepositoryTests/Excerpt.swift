/// A block of code in a page, and the source from which it is copied. The line before the block names it:
///
///     <!-- Sources/CIPC/socket/stream.c: ipc_receive -->
///
/// Without a name after the colon it is the whole file. Of a file of figures it is a table without fences, or a
/// paragraph, up to the next empty line:
///
///     <!-- Benchmarks/costs.json: calls -->
struct Excerpt {
  let page: String
  /// The number of the line that names the source.
  let line: Int
  /// The index of the first line of the copy.
  let start: Int
  let source: String
  let name: String?
  /// The lines of the block in the page, without its fences.
  let lines: [Substring]

  /// The blocks of a page that name a source.
  static func all(in page: String) throws -> [Excerpt] {
    let lines = try Repository.lines(page)
    var found: [Excerpt] = []
    for (index, line) in lines.enumerated() {
      guard let mark = line.wholeMatch(of: /\s*<!-- ([A-Za-z][^ :]*\/[^ :]+)(?:: ([^ ]+))? -->/) else { continue }
      let isCode = index + 1 < lines.count && lines[index + 1].contains("```")
      let start = index + (isCode ? 2 : 1)
      guard isCode || mark.1.hasSuffix(".json"),
        let end = lines[start...].firstIndex(where: { isCode ? $0.contains("```") : $0.isEmpty })
      else { throw Missing(text: "\(page):\(index + 1): no block of code follows") }
      found.append(
        Excerpt(
          page: page, line: index + 1, start: start, source: String(mark.1), name: mark.2.map(String.init),
          lines: Array(lines[start..<end])))
    }
    return found
  }

  /// The lines of the source, indented as the block is.
  func expected(in page: [Substring]) throws -> [String] {
    let indentation = String(page[line - 1].prefix { $0 == " " })
    return try Self.text(of: source, name: name).map { $0.isEmpty ? "" : indentation + $0 }
  }

  /// A whole file without the empty lines around it, or one declaration of it with the comment above it.
  static func text(of source: String, name: String?) throws -> [String] {
    if source.hasSuffix(".json"), let name { return try Costs.text(of: source, name: name) }
    let lines = try Repository.lines(source).map(String.init)
    guard let name else {
      return Array(lines.trimmingPrefix { $0.isEmpty }.reversed().trimmingPrefix { $0.isEmpty }.reversed())
    }
    let declares = try Regex(
      "(?:\\b(?:func|struct|class|enum|let|var|extension|actor) |^[a-z].*?[ *]|^#define )\(name)\\b")
    guard var start = lines.firstIndex(where: { $0.contains(declares) && !$0.hasPrefix("//") }) else {
      throw Missing(text: "\(source) declares no \(name)")
    }
    let indentation = lines[start].prefix { $0 == " " }
    var end = start
    if lines[start].hasPrefix("#define") {
      while lines[end].hasSuffix("\\") { end += 1 }
    } else {
      while !lines[end].contains(/[{;}]$/), end + 1 < lines.count { end += 1 }
      let closes = lines[end...].dropFirst().firstIndex { $0.hasPrefix(indentation + "}") }
      if lines[end].hasSuffix("{"), let closes { end = closes }
    }
    while start > 0, lines[start - 1].hasPrefix(indentation + "/") || lines[start - 1].hasPrefix(indentation + "@") {
      start -= 1
    }
    return lines[start...end].map { String($0.dropFirst(indentation.count)) }
  }

  struct Missing: Error { let text: String }
}
