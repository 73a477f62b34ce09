import Subprocess

/// Runs the compiler with strict memory safety, and with the form of diagnostics that loses none if it aborts.
struct SwiftCompiler {
  enum Stage: String {
    case typeChecking = "-typecheck"
    /// Also the passes that find overlapping accesses and data races.
    case canonicalSIL = "-emit-sil"
  }

  let stage: Stage
  /// The language mode.
  var mode = "6"
  var options: [String] = []

  /// What the compiler printed, and whether it aborted in the way that the pages describe.
  func compile(_ files: [String]) async throws -> (output: String, aborts: Bool) {
    let settings = ["-swift-version", mode, "-strict-memory-safety", "-parse-as-library", "-diagnostic-style", "llvm"]
    let output = stage == .canonicalSIL ? ["-o", "/dev/null"] : []
    let result = try await run(
      .name("swiftc"), arguments: Arguments([stage.rawValue] + settings + options + output + files),
      output: .discarded, error: .string(limit: 1 << 22))
    let text = result.standardError
    return (text, text.contains("std::out_of_range") && text.contains("SendNonSendable"))
  }
}
