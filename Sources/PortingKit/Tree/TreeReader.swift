/// Builds the nodes of clang's tree, of one declaration of the top level after the other. Declarations of system headers
/// are most of the tree, and are skipped.
///
/// Clang writes the file and the line of a place only if they differ from those of the place before it, so that the
/// reader follows all places, also those that it skips.
final class TreeReader {
  private enum Frame { case unit, node(Node), list, range, place(Role), type(Node), reference(Node), include, other }
  private enum Role { case declaration, begin, spelling, other }

  private let isOwn: (String) -> Bool
  private let take: (Node) throws -> Void
  private var frames: [Frame] = []
  private var key = ""
  private var file = ""
  private var line = 0
  /// Whether the current place has an offset: an implicit declaration has none.
  private var isValid = false
  private var spelled: String?
  /// The nesting at which a skipped declaration started.
  private var skipped: Int?

  /// - Parameters:
  ///   - isOwn: Whether the user wrote a file.
  ///   - take: Receives each declaration of the top level in the user's files.
  init(isOwn: @escaping (String) -> Bool, take: @escaping (Node) throws -> Void) {
    self.isOwn = isOwn
    self.take = take
  }

  func take(_ token: JSONToken) throws {
    switch token {
    case .key(let name): key = name
    case .beginObject: try begin()
    case .beginArray: frames.append(.list)
    case .endArray: frames.removeLast()
    case .endObject: try end(frames.removeLast())
    case .text(let text): takeText(text)
    }
  }

  private func begin() throws {
    if frames.count > 2 * Limit.depth { throw ReadError("the tree", "more than \(Limit.depth) nodes are nested") }
    let frame = frame()
    if case .place = frame { isValid = false }
    if case .place(.declaration) = frame { spelled = nil }
    if case .range = frame { spelled = nil }
    frames.append(frame)
  }

  /// What the object that begins is, by its key and by what it is in.
  private func frame() -> Frame {
    switch (frames.last, key) {
    case (nil, _): return .unit
    case (_, "includedFrom"): return .include
    case (.list?, _):
      if skipped == nil, case .node? = frames.dropLast().last { return .node(Node()) }
      if case .unit? = frames.dropLast().last, frames.count == 2 { return .node(Node()) }
      return .other
    case (.node?, "loc"): return .place(.declaration)
    case (.node?, "range"): return .range
    case (.range?, "begin"): return .place(.begin)
    case (.range?, "end"), (.other?, "begin"), (.other?, "end"), (.other?, "loc"): return .place(.other)
    case (.place?, "spellingLoc"): return .place(.spelling)
    case (.place(let role)?, "expansionLoc"): return .place(role)
    case (.node(let node)?, "type"): return .type(node)
    case (.node(let node)?, "referencedDecl"): return .reference(node)
    default: return .other
    }
  }

  private func takeText(_ text: String) {
    switch frames.last {
    case .place?: takePlace(text)
    case .node(let node)?:
      if skipped == nil { if key == "kind" { node.kind = text } else { node.attributes[key] = text } }
    case .type(let node)?:
      if key == "qualType" { node.type = text }
      if key == "desugaredQualType" || (key == "qualType" && node.plainType.isEmpty) { node.plainType = text }
    case .reference(let node)?:
      if key == "kind" { node.reference = Reference(kind: text) }
      if key == "name" { node.reference?.name = text }
    case .other?:
      // Also places of nodes that are skipped.
      takePlace(text)
    default: break
    }
  }

  private func takePlace(_ text: String) {
    switch key {
    case "file": file = text
    case "line": line = Int(text) ?? line
    case "offset": isValid = true
    default: break
    }
  }

  private func end(_ frame: Frame) throws {
    switch frame {
    case .place(let role): endPlace(role)
    case .node(let node):
      if skipped == frames.count {
        skipped = nil
      } else if frames.count == 2 {
        try take(node)
      } else if case .node(let parent)? = frames.dropLast().last {
        parent.children.append(node)
      }
    default: break
    }
  }

  private func endPlace(_ role: Role) {
    guard isValid, skipped == nil else { return }
    switch role {
    case .spelling: spelled = file
    case .declaration, .begin:
      guard let node = node() else { return }
      let place = Place(file: file, line: line, spelled: spelled ?? file)
      if node.place == nil { node.place = place }
      if role == .declaration, isTop(node), !isOwn(file) { skipped = 2 }
    case .other: break
    }
  }

  /// The innermost node.
  private func node() -> Node? {
    for frame in frames.reversed() { if case .node(let node) = frame { return node } }
    return nil
  }

  private func isTop(_ node: Node) -> Bool {
    guard frames.count > 2, case .node(let top) = frames[2] else { return false }
    return top === node
  }
}
