import Subprocess
import SystemPackage

/// C code that was typed in Swift word for word, in `Tests/IdiomTests/Naive`, a folder for each topic. What the compiler
/// reports for `Naive/TOPIC/NAME.swift` is recorded in `Records/TOPIC/NAME.txt`.
struct NaiveCode {
  static let root = FilePath(#filePath).removingLastComponent().removingLastComponent().appending("Naive")
  static let crash = "crash: the compiler aborts"

  let topic: String

  /// The topics: the names of the folders.
  static func topics() async throws -> [String] {
    let list = try await run(.name("ls"), arguments: [root.string], output: .string(limit: 1 << 16))
    return list.standardOutput.split(separator: "\n").map(String.init)
  }

  /// The settings of this package, beside those of `SwiftCompiler`.
  static let settings =
    ["-wmo"]
    + ["ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility"].flatMap {
      ["-enable-upcoming-feature", $0]
    } + ["-I", root.appending("../../../Sources/CLinux").lexicallyNormalized().string]

  /// The paths of the files, sorted.
  func files() async throws -> [String] {
    let list = try await run(
      .name("find"), arguments: [Self.root.appending(topic).string, "-name", "*.swift"], output: .string(limit: 1 << 16)
    )
    return list.standardOutput.split(separator: "\n").map(String.init).sorted()
  }

  static func record(of file: String) -> String {
    file.replacing("/IdiomTests/Naive/", with: "/IdiomTests/Records/").dropLast(".swift".count) + ".txt"
  }

  /// What the compiler reports for each file. The first run finds the errors of the type checker. The second one
  /// compiles the files that have none, since the later passes, such as those for exclusive access and for data races,
  /// need a module without them. A file whose record says that the compiler aborts is compiled alone.
  func diagnostics(records: [String: String]) async throws -> [String: String] {
    let files = try await files()
    let aborting = files.filter { records[$0]?.contains(Self.crash) == true }
    var found = try await compile(files, until: .typeChecking)
    let sound = files.filter { found[$0]?.contains("error: ") != true && !aborting.contains($0) }
    if !sound.isEmpty { found.merge(try await compile(sound, until: .canonicalSIL)) { $1 } }
    for file in aborting { found[file] = try await compile([file], until: .canonicalSIL)[file] }
    return found
  }

  private func compile(_ files: [String], until stage: SwiftCompiler.Stage) async throws -> [String: String] {
    let (output, aborts) = try await SwiftCompiler(stage: stage, options: Self.settings).compile(files)
    var found = Self.split(output, among: files)
    if aborts {
      for file in files { found[file, default: ""] += Self.crash + ", std::out_of_range in SendNonSendable\n" }
    }
    return found
  }

  /// Splits the compiler's output: `FILE:LINE:COLUMN: error: TEXT`, in the order of the lines, each text once.
  static func split(_ output: String, among files: [String]) -> [String: String] {
    var lines: [String: [(line: Int, column: Int, text: String)]] = [:]
    for line in output.split(separator: "\n") {
      guard let match = line.wholeMatch(of: /(.+?):(\d+):(\d+): ((?:error|warning): .*)/) else { continue }
      lines[String(match.1), default: []].append((Int(match.2)!, Int(match.3)!, shorten(String(match.4))))
    }
    return Dictionary(
      uniqueKeysWithValues: files.map { file in
        let sorted = (lines[file] ?? []).sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        var texts: [String] = []
        for each in sorted where !texts.contains(each.text) { texts.append(each.text) }
        return (file, texts.map { $0 + "\n" }.joined())
      })
  }

  /// Shortens a tuple that was imported from a C array: `(CChar, CChar, CChar, … 108 in all)`.
  private static func shorten(_ text: String) -> String {
    text.replacing(/\((\w+), (?:\w+, ){6,}\w+\)/) { match in
      let count = match.0.count(where: { $0 == "," }) + 1
      return "(\(match.1), \(match.1), … \(count) in all)"
    }
  }
}
