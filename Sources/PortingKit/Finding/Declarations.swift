/// The constructs in declarations.
enum Declarations {
  static func function(_ node: Node, isInHeader: Bool) -> [Construct] {
    var found: [Construct] = []
    let hasBody = node.children.contains { $0.kind == "CompoundStmt" }
    if node.has("variadic"), hasBody { found.append(.variadicFunction) }
    if node.has("inline"), hasBody, isInHeader { found.append(.inlineFunctionInHeader) }
    let parameters = node.children.filter { $0.kind == "ParmVarDecl" }
    if hasBody, parameters.contains(where: { isFunctionPointer($0.bareType) }),
      parameters.contains(where: { $0.bareType == "void *" })
    {
      found.append(.callbackWithContext)
    }
    return found
  }

  /// Whether a function has the type of a signal handler, and writes to a descriptor that it does not get.
  static func isWritingHandler(_ node: Node) -> Bool {
    let type = node.bareType
    return (type == "void (int)" || type.hasPrefix("void (int, siginfo_t *")) && node.children.contains(where: writes)
  }

  private static func writes(_ node: Node) -> Bool {
    if node.kind == "CallExpr", node.children.count > 1,
      ["write", "send"].contains(Expressions.inner(node.children[0]).reference?.name)
    {
      return Expressions.inner(node.children[1]).reference?.kind != "ParmVarDecl"
    }
    return node.children.contains(where: writes)
  }

  static func record(_ node: Node) -> [Construct] {
    var found: [Construct] = []
    if node["tagUsed"] == "union", node.has("completeDefinition") { found.append(.unionType) }
    let own = "struct \(node.name) *"
    if !node.name.isEmpty, node.children.contains(where: { $0.kind == "FieldDecl" && $0.bareType == own }) {
      found.append(.listOfItself)
    }
    return found
  }

  static func hasFunctionPointer(_ node: Node) -> Bool {
    node.children.contains { $0.kind == "FieldDecl" && isFunctionPointer($0.bareType) }
  }

  static func field(_ node: Node) -> [Construct] {
    let type = node.bareType
    if node.has("isBitfield") { return [.bitField] }
    if type.hasSuffix("[]") || type.hasSuffix("[0]") { return [.flexibleArray] }
    return isCharArray(type) ? [.charArrayField] : []
  }

  static func variable(_ node: Node, isGlobal: Bool) -> [Construct] {
    if node["tls"] != nil { return [.threadLocal] }
    let type = node.type
    let isConstant = isConstant(type)
    if isArrayOfRunTimeSize(type) { return [.arrayOfRunTimeSize] }
    if node["storageClass"] == "extern", node["init"] == nil { return [] }
    if isGlobal { return isConstant ? [] : [.mutableGlobal] }
    return node["storageClass"] == "static" && !isConstant ? [.staticLocal] : []
  }

  /// Whether the variable itself can't change: `const int`, `int *const`, but not `const int *`.
  private static func isConstant(_ type: String) -> Bool {
    if type.contains("*") { return type.contains("*const") }
    return type.hasPrefix("const ")
  }

  private static func isArrayOfRunTimeSize(_ type: String) -> Bool {
    guard let open = type.firstIndex(of: "["), let close = type[open...].firstIndex(of: "]") else { return false }
    let size = type[type.index(after: open)..<close]
    return !size.isEmpty && !size.allSatisfy(\.isNumber) && !type.contains("(*")
  }

  static func isFunctionPointer(_ type: String) -> Bool { type.contains("(*)(") }

  static func isCharArray(_ type: String) -> Bool {
    type.hasPrefix("char[") || type.hasPrefix("unsigned char[") || type.hasPrefix("signed char[")
  }
}
