/// The goto statements of a function: back to a label, as a loop does, or out to one that releases what the function has.
enum Jumps {
  static func all(in function: Node) -> [(Construct, Place)] {
    var visitor = Visitor()
    visitor.visit(function)
    // A function that only closes descriptors is the simpler case.
    let out: Construct = visitor.closes && !visitor.frees ? .jumpToClose : .jumpOut
    return visitor.jumps.map { jump in (jump.isBack ? .jumpBack : out, jump.place) }
  }

  private struct Visitor {
    var jumps: [(isBack: Bool, place: Place)] = []
    var closes = false
    var frees = false
    private var labels: Set<String> = []

    mutating func visit(_ node: Node) {
      switch node.kind {
      case "LabelStmt": if let label = node["declId"] { labels.insert(label) }
      case "GotoStmt":
        let isBack = node["targetLabelDeclId"].map(labels.contains) == true
        if let place = node.place { jumps.append((isBack, place)) }
      case "DeclRefExpr":
        switch node.reference?.name {
        case "close": closes = true
        case "free", "fclose", "freeaddrinfo", "closedir", "munmap", "unlink": frees = true
        default: break
        }
      default: break
      }
      for child in node.children { visit(child) }
    }
  }
}
