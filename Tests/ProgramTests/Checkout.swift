// Files of the project that are tested as they are.

enum Checkout {
  /// A file's path, from one that is relative to the top level.
  static func path(_ name: String, from here: String = #filePath) -> String {
    here.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/") + "/\(name)"
  }
}
