/// A node of clang's tree: a declaration, a statement or an expression.
final class Node {
  var kind = ""
  /// The values that are neither objects nor lists, such as `name`, `opcode` and `storageClass`.
  var attributes: [String: String] = [:]
  /// The type as it is written, and without typedefs.
  var type = ""
  var plainType = ""
  /// What an expression refers to.
  var reference: Reference?
  var place: Place?
  var children: [Node] = []

  subscript(name: String) -> String? { attributes[name] }
  func has(_ name: String) -> Bool { attributes[name] == "true" }
  var name: String { attributes["name"] ?? "" }

  /// The type without typedefs, `const` and `volatile`.
  var bareType: String {
    plainType.replacing("const ", with: "").replacing("volatile ", with: "").replacing("restrict ", with: "")
  }
}

/// The declaration to which an expression refers.
struct Reference {
  var kind = ""
  var name = ""
}

/// Where a node is.
struct Place {
  /// Where it is in the text, or where the macro is used whose expansion contains it.
  var file: String
  var line: Int
  /// The file with the text of the node: that of the macro's definition if the node comes from one.
  var spelled: String
}
