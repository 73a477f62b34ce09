import Subprocess
import SystemPackage

@testable import PortingKit

/// The files of the package, and the programs that were built.
enum Checkout {
  static let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()

  static func path(_ name: String) -> String { root.appending(name).string }

  static func read(_ name: String) throws -> String { String(decoding: try Files.read(path(name)), as: UTF8.self) }

  /// The paths below a folder of the package, from the root, sorted.
  static func files(_ folder: String, _ pattern: String) async throws -> [String] {
    let list = try await run(
      .name("find"), arguments: [folder, "-name", pattern, "-type", "f"], workingDirectory: root,
      output: .string(limit: 1 << 20))
    return list.standardOutput.split(separator: "\n").map(String.init).sorted()
  }

  /// The path of the built program.
  static func program() async throws -> FilePath {
    let parent = try await run(
      .name("sh"), arguments: ["-c", "readlink /proc/$PPID/exe"], output: .string(limit: 4096))
    return FilePath(String(parent.standardOutput.dropLast())).removingLastComponent().appending("porting-check")
  }

  /// `SocketType` for `socket_type.c`.
  static func pageName(of file: String) -> String {
    let stem = FilePath(file).lastComponent?.stem ?? ""
    return stem.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}

/// A folder with files of C, which is deleted at the end.
final class Folder {
  let path: String

  init() async throws {
    let made = try await run(.name("mktemp"), arguments: ["-d"], output: .string(limit: 4096))
    path = String(made.standardOutput.dropLast())
  }

  func add(_ name: String, _ text: String) throws -> String {
    try Files.write(text, to: "\(path)/\(name)")
    return "\(path)/\(name)"
  }

  /// Deletes the folder.
  func remove() async throws { _ = try await run(.name("rm"), arguments: ["-r", path], output: .discarded) }
}

/// What the checker finds in a text of C.
struct Checked {
  let report: Report

  init(_ text: String, header: String? = nil, flags: [String] = []) async throws {
    let folder = try await Folder()
    let file = try folder.add("file.c", text)
    if let header { _ = try folder.add("header.h", header) }
    report = await Report(of: [Unit(name: file, flags: flags)], with: try Clang())
    try await folder.remove()
  }

  /// The lines of an idiom by its title.
  func lines(_ title: String) -> [Int] {
    report.findings.first { $0.rule.title == title }?.places.map(\.line) ?? []
  }

  var titles: [String] { report.findings.map(\.rule.title) }
}
