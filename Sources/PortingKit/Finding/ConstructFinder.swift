/// Finds calls and constructs in one declaration after the other.
struct ConstructFinder {
  private(set) var traces: Set<Trace> = []
  /// The functions that the user's files declare: they are no functions of a library.
  private(set) var ownFunctions: Set<String> = []
  let isOwn: (String) -> Bool
  /// The structures that contain a pointer to a function.
  private var structuresOfFunctions: Set<String> = []

  init(isOwn: @escaping (String) -> Bool) { self.isOwn = isOwn }

  /// Where the finder is in the tree.
  private struct Context {
    var place: Place
    var isInFunction = false
    var inLoop = false
  }

  mutating func take(_ declaration: Node) {
    guard let place = declaration.place else { return }
    visit(declaration, Context(place: place))
  }

  private mutating func visit(_ node: Node, _ outer: Context) {
    var context = outer
    if let place = node.place { context.place = place }
    // What the expansion of a system's macro contains is not the user's.
    if isOwn(context.place.file), isOwn(context.place.spelled) { constructs(of: node, context) }
    if isOwn(context.place.file) { reference(of: node, context) }
    switch node.kind {
    case "FunctionDecl": context.isInFunction = true
    case "WhileStmt", "ForStmt", "DoStmt": context.inLoop = true
    default: break
    }
    for child in node.children { visit(child, context) }
  }

  private mutating func reference(of node: Node, _ context: Context) {
    guard node.kind == "DeclRefExpr", let reference = node.reference, reference.kind == "FunctionDecl" else { return }
    add(.function(reference.name, inLoop: context.inLoop), context.place)
  }

  private mutating func add(_ kind: Trace.Kind, _ place: Place) {
    traces.insert(Trace(kind: kind, file: place.file, line: place.line))
  }

  private mutating func constructs(of node: Node, _ context: Context) {
    if node["isImplicit"] == "true" { return }
    var found: [Construct] = []
    switch node.kind {
    case "FunctionDecl":
      ownFunctions.insert(node.name)
      found = Declarations.function(node, isInHeader: context.place.file.hasSuffix(".h"))
      if Declarations.isWritingHandler(node) { found.append(.writingHandler) }
    case "RecordDecl":
      if Declarations.hasFunctionPointer(node) { structuresOfFunctions.insert(node.name) }
      found = Declarations.record(node)
    case "FieldDecl": found = Declarations.field(node)
    case "VarDecl":
      found = Declarations.variable(node, isGlobal: !context.isInFunction)
      if isTable(node) { found.append(.functionTable) }
    default: found = Statements.constructs(of: node) + Expressions.constructs(of: node)
    }
    for each in found { add(.construct(each), context.place) }
    if node.kind == "FunctionDecl" {
      for (construct, place) in Jumps.all(in: node) where isOwn(place.spelled) { add(.construct(construct), place) }
    }
    for place in Statements.lateErrno(in: node) { add(.construct(.lateErrno), place) }
  }

  /// Whether a variable is an array with pointers to functions and a value.
  private func isTable(_ node: Node) -> Bool {
    let type = node.bareType
    guard type.contains("["), node["init"] != nil else { return false }
    if type.contains("(*[") || type.contains("(*const[") { return true }
    let structure = String(type.prefix { $0 != "[" }).replacing("struct ", with: "")
    return structuresOfFunctions.contains(structure) || (type.contains("unnamed") && structuresOfFunctions.contains(""))
  }
}
