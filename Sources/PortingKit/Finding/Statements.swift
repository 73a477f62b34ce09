/// The constructs in statements.
enum Statements {
  static func constructs(of node: Node) -> [Construct] {
    switch node.kind {
    case "IndirectGotoStmt": return [.computedJump]
    case "GCCAsmStmt": return [.inlineAssembler]
    case "IfStmt", "WhileStmt":
      return node.children.first.map(assigns) == true ? [.assignmentInCondition] : []
    default: return []
    }
  }

  /// Whether an expression assigns a value on its way, as `(n = read(…)) < 0` does.
  private static func assigns(_ node: Node) -> Bool {
    if node.kind == "BinaryOperator", node["opcode"] == "=" { return true }
    guard ["BinaryOperator", "ParenExpr", "ImplicitCastExpr", "UnaryOperator"].contains(node.kind) else { return false }
    return node.children.contains(where: assigns)
  }

  /// The places in a block where a plain statement reads errno after a statement that only calls a function: the call
  /// may have changed it.
  static func lateErrno(in block: Node) -> [Place] {
    guard block.kind == "CompoundStmt" else { return [] }
    var places: [Place] = []
    var hasCalled = false
    for statement in block.children {
      if isControl(statement) {
        hasCalled = false
      } else if hasCalled, let place = readErrno(in: statement) {
        places.append(place)
      } else if let callee = Self.callee(of: statement) {
        // exec returns only after an error, whose number errno is.
        hasCalled = !callee.hasPrefix("exec")
      } else if Self.calls(in: statement) {
        // It may keep a result whose errno is then the right one, or errno itself.
        hasCalled = false
      }
    }
    return places
  }

  private static func isControl(_ node: Node) -> Bool {
    ["IfStmt", "WhileStmt", "ForStmt", "DoStmt", "SwitchStmt", "LabelStmt", "CaseStmt", "CompoundStmt"].contains(
      node.kind)
  }

  /// The name of the function that a statement calls, if it does nothing else.
  private static func callee(of statement: Node) -> String? {
    let call = Expressions.inner(statement)
    guard call.kind == "CallExpr", let first = call.children.first else { return nil }
    return Expressions.inner(first).reference?.name ?? ""
  }

  private static func isErrno(_ node: Node) -> Bool { node.reference?.name == "__errno_location" }

  private static func calls(in node: Node) -> Bool {
    node.kind == "CallExpr" || node.children.contains(where: calls)
  }

  /// The first place that reads errno, and does not assign to it.
  private static func readErrno(in node: Node) -> Place? {
    if node.kind == "BinaryOperator", node["opcode"] == "=", let target = node.children.first, assignsErrno(target) {
      return nil
    }
    if isErrno(node) { return node.place }
    for child in node.children {
      if let place = readErrno(in: child) { return place }
    }
    return nil
  }

  private static func assignsErrno(_ node: Node) -> Bool {
    isErrno(node) || node.children.contains(where: assignsErrno)
  }
}
