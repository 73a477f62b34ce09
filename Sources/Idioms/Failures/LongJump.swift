import Glibc

/// Why a text is no list.
enum ListError: Error {
  case malformed
  case tooDeep
}

private struct ListParser {
  var rest: Substring.UTF8View
  var depth = 0
  var deepest = 0

  mutating func parseList() throws(ListError) {
    guard rest.popFirst() == UInt8(ascii: "(") else { throw .malformed }
    depth += 1
    guard depth <= 100 else { throw .tooDeep }
    deepest = max(deepest, depth)
    while rest.first == UInt8(ascii: "(") { try parseList() }
    guard rest.popFirst() == UInt8(ascii: ")") else { throw .malformed }
    depth -= 1
  }
}

/// Returns how deep the lists in a text such as "(()(()))" are.
func listDepth(_ text: String) throws(ListError) -> Int {
  var parser = ListParser(rest: text[...].utf8)
  try parser.parseList()
  guard parser.rest.isEmpty else { throw .malformed }
  return parser.deepest
}
