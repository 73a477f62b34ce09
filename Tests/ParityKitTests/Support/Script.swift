import Subprocess
import SystemPackage
import Testing

/// Programs that the tests run.
enum Script {
  /// The checkout.
  static let repository = FilePath(#filePath).removingLastComponent().appending("../../..").lexicallyNormalized().string

  /// Runs a file of `Support/Scripts`, and returns its standard output. It fails if the status is not 0, or after a
  /// minute.
  static func run(_ name: String, _ arguments: [String]) async throws -> String {
    let interpreter = name.hasSuffix(".py") ? "python3" : "bash"
    return try await output("timeout", ["60", interpreter, path(of: name)] + arguments)
  }

  /// Returns the text of a file of `Support/Scripts`.
  static func text(of name: String) async throws -> String { try await output("cat", [path(of: name)]) }

  /// Runs a program that must succeed, and returns its standard output.
  static func output(_ command: String, _ arguments: [String]) async throws -> String {
    let result = try await Subprocess.run(
      .name(command), arguments: Arguments(arguments), output: .string(limit: 1 << 24), error: .string(limit: 1 << 20))
    try #require(result.terminationStatus.isSuccess, "\(command) \(arguments): \(result.standardError)")
    return result.standardOutput
  }

  /// The folder of the test binary, and of the programs of the package.
  static func products() async throws -> FilePath {
    let shell = try await output("sh", ["-c", "readlink /proc/$PPID/exe"])
    return FilePath(String(shell.dropLast())).removingLastComponent()
  }

  /// The path of a program of the package.
  static func product(_ name: String) async throws -> String { try await products().appending(name).string }

  /// Creates a folder, and removes it after the closure.
  static func inFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = String(try await output("mktemp", ["-d"]).dropLast())
    let result = try await body(folder)
    _ = try await output("rm", ["-r", folder])
    return result
  }

  static func path(of name: String) -> String {
    FilePath(#filePath).removingLastComponent().appending("Scripts").appending(name).string
  }
}
