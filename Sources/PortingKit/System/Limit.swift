/// How much of each thing is read. What is larger is an error that names the limit.
public enum Limit {
  /// Bytes of one file of C, or of a compilation database.
  public static let file = 16 << 20
  /// Bytes of the tree that clang prints for one file; of it only one declaration at a time is in memory.
  public static let tree = 4 << 30
  /// Bytes of one file after the preprocessor.
  static let preprocessed = 64 << 20
  /// Bytes of clang's complaints.
  static let complaint = 64 << 10
  /// Nodes within nodes: a sum of so many terms, or so many `else if`.
  static let depth = 500
  /// Bytes of one string in JSON.
  static let text = 1 << 20
  /// Seconds for one run of clang.
  static let seconds = 120
  /// Files of one run.
  public static let files = 10_000
}
