/// The constructs in expressions.
enum Expressions {
  static func constructs(of node: Node) -> [Construct] {
    switch node.kind {
    case "CStyleCastExpr", "ImplicitCastExpr": return casts(node)
    case "MemberExpr":
      if node["objectKind"] == "bitfield" { return [.bitField] }
      return Declarations.isCharArray(node.bareType) ? [.charArrayField] : []
    case "BinaryOperator", "CompoundAssignOperator": return arithmetic(node)
    case "CallExpr": return copies(node) + prints(node)
    case "StmtExpr": return [.statementExpression]
    default: return []
    }
  }

  private static func casts(_ node: Node) -> [Construct] {
    guard node.kind == "CStyleCastExpr", node.bareType.hasSuffix("*"), let from = node.children.first else { return [] }
    let target = node.bareType
    let source = inner(from).bareType
    if target == "struct sockaddr *", source != target, isStructure(source) { return [.castToSocketAddress] }
    let isAddress = source == "struct sockaddr *" || source == "struct sockaddr_storage *"
    if isAddress, target.hasPrefix("struct sockaddr_") { return [.castFromSocketAddress] }
    return isBytes(source) && isStructure(target) ? [.castOfBytes] : []
  }

  private static func arithmetic(_ node: Node) -> [Construct] {
    let opcode = node["opcode"] ?? ""
    guard let left = node.children.first, let right = node.children.last, node.children.count == 2 else { return [] }
    if opcode == "=", left.kind == "ArraySubscriptExpr", left.children.first.map(inner)?.name == "sun_path" {
      return [.abstractName]
    }
    if ["+", "-", "+=", "-="].contains(opcode), node.bareType.hasSuffix("*") { return [.pointerArithmetic] }
    let isSmall = ["unsigned int", "unsigned short", "unsigned char"].contains(node.bareType)
    // A constant minus a constant is computed by the compiler.
    if ["+", "-", "*", "+=", "-=", "*="].contains(opcode), isSmall, !(isConstant(left) && isConstant(right)) {
      return [.unsignedWrap]
    }
    return []
  }

  /// memcpy(3) and its siblings with a structure as one of the ends.
  private static func copies(_ node: Node) -> [Construct] {
    guard node.children.count == 4, let callee = node.children.first.map(inner)?.reference,
      ["memcpy", "memmove", "bcopy"].contains(callee.name)
    else { return [] }
    switch (isStructure(inner(node.children[1]).bareType), isStructure(inner(node.children[2]).bareType)) {
    case (true, false): return [.copyIntoStructure]
    case (false, true): return [.copyOfStructure]
    default: return []
    }
  }

  private static let printing: Set = ["printf", "fprintf", "dprintf", "sprintf", "snprintf", "asprintf"]

  /// printf(3) and its siblings with getpid(2) among the arguments.
  private static func prints(_ node: Node) -> [Construct] {
    guard let callee = node.children.first.map(inner)?.reference, printing.contains(callee.name) else { return [] }
    let isPrinted = node.children.dropFirst().contains { argument in
      let call = inner(argument)
      return call.kind == "CallExpr" && call.children.first.map(inner)?.reference?.name == "getpid"
    }
    return isPrinted ? [.printedIdentifier] : []
  }

  /// An expression without the casts and parentheses around it.
  static func inner(_ node: Node) -> Node {
    var node = node
    while ["ImplicitCastExpr", "CStyleCastExpr", "ParenExpr"].contains(node.kind), let child = node.children.first {
      node = child
    }
    return node
  }

  private static func isStructure(_ type: String) -> Bool { type.hasPrefix("struct ") && type.hasSuffix(" *") }

  private static func isBytes(_ type: String) -> Bool {
    ["char *", "unsigned char *", "signed char *"].contains(type) || Declarations.isCharArray(type)
  }

  private static func isConstant(_ node: Node) -> Bool {
    let kind = inner(node).kind
    return kind == "IntegerLiteral" || kind == "CharacterLiteral" || kind == "UnaryExprOrTypeTraitExpr"
  }
}
