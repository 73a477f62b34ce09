import Subprocess
import SystemPackage
import Testing

/// Reads the checkout.
enum Repository {
  static let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()

  /// The folder of the test binary and of the programs.
  static func products() async throws -> FilePath {
    let test = try await output("readlink", ["/proc/\(try await parent())/exe"])
    return FilePath(test.trimmingNewline).removingLastComponent()
  }

  private static func parent() async throws -> String {
    try await output("sh", ["-c", "echo $PPID"]).trimmingNewline
  }

  /// Runs a command that must succeed, and returns its standard output.
  static func output(_ command: String, _ arguments: [String], in folder: FilePath = root) async throws -> String {
    let executable = command.contains("/") ? Executable.path(FilePath(command)) : .name(command)
    let result = try await run(
      executable, arguments: Arguments(arguments), workingDirectory: folder, output: .string(limit: 1 << 24),
      error: .string(limit: 1 << 20))
    let complaint = result.standardError
    try #require(result.terminationStatus.isSuccess, "\(command) \(arguments.joined(separator: " ")): \(complaint)")
    return result.standardOutput
  }

  /// The paths of the files of the project from its root: tracked files, and new ones that are not ignored.
  static func files(under folder: String, ending suffix: String = "") async throws -> [String] {
    let list = try await output("git", ["ls-files", "--cached", "--others", "--exclude-standard", folder])
    let all = list.split(separator: "\n").map(String.init).filter { $0.hasSuffix(suffix) }
    let gone = Set(try await output("git", ["ls-files", "--deleted", folder]).split(separator: "\n").map(String.init))
    return all.filter { !gone.contains($0) }
  }

  static func read(_ path: String) throws -> String {
    let file = try FileDescriptor.open(root.appending(path), .readOnly)
    return try file.closeAfter {
      // Sound: the kernel writes only within the buffer, and `count` is the number of bytes that it wrote.
      let bytes = unsafe try [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
        count = unsafe try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      try #require(bytes.count < 1 << 20, "\(path) is longer than what is read of it")
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  static func write(_ text: String, to path: String) throws {
    let file = try FileDescriptor.open(root.appending(path), .writeOnly, options: .truncate)
    try file.closeAfter { _ = try file.writeAll(text.utf8) }
  }

  static func lines(_ path: String) throws -> [Substring] {
    try read(path).split(separator: "\n", omittingEmptySubsequences: false)
  }
}

extension String {
  var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }

  /// The last component of a path without its extension.
  var stem: String { FilePath(self).lastComponent?.stem ?? self }
}
