internal import Subprocess
internal import SystemPackage

/// The compiler that reads the files.
public struct Clang: Sendable {
  let path: String

  /// - Parameter path: The program, or nil for the clang beside `swift`, or else that of PATH.
  public init(path: String? = nil) throws(ReadError) {
    if let path {
      guard Files.isExecutable(path) else { throw ReadError(path, "there is no such program") }
      self.path = path
    } else {
      self.path = try Self.find()
    }
  }

  private static func find() throws(ReadError) -> String {
    let folders = (Files.environment("PATH") ?? "").split(separator: ":")
    for folder in folders {
      guard let swift = Files.resolved("\(folder)/swift") else { continue }
      let clang = FilePath(swift).removingLastComponent().appending("clang").string
      if Files.isExecutable(clang) { return clang }
    }
    for folder in folders where Files.isExecutable("\(folder)/clang") { return "\(folder)/clang" }
    throw ReadError("clang", "neither beside swift nor in PATH: install Swift or clang, or name it with --clang")
  }

  /// Reads the declarations of a file in clang's tree, one after the other.
  func readTree(of unit: Unit, _ reader: TreeReader) async throws {
    var tokenizer = JSONTokenizer()
    let arguments = unit.flags + ["-w", "-O0", "-fsyntax-only", "-Xclang", "-ast-dump=json", "-x", "c", unit.path]
    try await start(arguments, unit, limit: Limit.tree) { bytes in
      try tokenizer.take(bytes) { token in try reader.take(token) }
    }
    guard tokenizer.isComplete else { throw ReadError(unit.name, "clang's tree has no end") }
  }

  /// What the preprocessor makes of a text in place of the file.
  func preprocess(_ text: [UInt8], as unit: Unit) async throws -> String {
    var output: [UInt8] = []
    let folder = FilePath(unit.path).removingLastComponent().string
    let arguments = unit.flags + ["-w", "-O0", "-E", "-iquote", folder.isEmpty ? "." : folder, "-x", "c", "-"]
    try await start(arguments, unit, input: text, limit: Limit.preprocessed) { output += $0 }
    return String(decoding: output, as: UTF8.self)
  }

  private func start(
    _ arguments: [String], _ unit: Unit, input: [UInt8] = [], limit: Int, _ take: ([UInt8]) throws -> Void
  ) async throws {
    var count = 0
    // SIGALRM of timeout(1) ends clang, not this program.
    let result = try await run(
      .name("timeout"), arguments: Arguments(["\(Limit.seconds)", path] + arguments),
      workingDirectory: unit.folder.map { FilePath($0) }, input: .array(input), output: .sequence,
      error: .string(limit: Limit.complaint)
    ) { execution in
      for try await buffer in execution.standardOutput {
        count += buffer.count
        if count > limit { throw ReadError(unit.name, "clang prints more than \(limit >> 20) MiB about it") }
        // Sound: the bytes are copied.
        try take(unsafe buffer.withUnsafeBytes { unsafe Array($0) })
      }
    }
    if result.terminationStatus.isSuccess { return }
    if case .exited(124) = result.terminationStatus {
      throw ReadError(unit.name, "clang needs more than \(Limit.seconds) s")
    }
    // The preprocessor gets the text of the file from this program.
    let words = result.standardError.replacing("<stdin>:", with: "\(unit.path):")
    let lines = (words.isEmpty ? "\(result.terminationStatus)" : words).split(separator: "\n").map { "  \($0)" }
    throw ReadError(unit.name, "clang can't read it:\n\(lines.joined(separator: "\n"))")
  }
}
