extension Limits {
  /// Maximum bytes of one text of a run that a bundle keeps, and of all texts of a run.
  static let bundledText = 1 << 16
  static let bundledRun = 1 << 20
  /// Maximum bytes of a file that a scenario sends, which a bundle contains as text.
  static let bundledPayload = 1 << 20
  /// Maximum bytes of one file of a bundle, and of all of them; and the maximum number of files.
  static let bundledFile = 16 << 20
  static let bundle = 128 << 20
  static let bundledFiles = 20_000
  /// Maximum characters of a scenario's name in the name of a file.
  static let bundledName = 60
  /// Maximum time for a program that compresses or hashes; and its maximum output if it hashes.
  static let tool = Duration.seconds(60)
  static let digest = 1 << 16
  /// Characters of a hash that a terminal shows.
  static let shownDigest = 12
}
