internal import Formats
internal import SystemPackage

/// A file `compile_commands.json`, which build systems write: how each file is compiled.
public struct CompilationDatabase {
  private struct Entry {
    var folder = ""
    var file = ""
    var arguments: [String] = []
    var command = ""
  }

  private let path: String
  private let entries: [Entry]

  public init(path: String) throws(ReadError) {
    self.path = path
    let bytes = try Files.read(path)
    do {
      entries = try Self.parse(bytes)
    } catch {
      throw ReadError(path, "no compilation database: \((error as? ReadError)?.why ?? "\(error)")")
    }
    if entries.isEmpty { throw ReadError(path, "the compilation database names no file") }
  }

  /// The units of some files, or of all files in C if the list is empty.
  /// - Parameter flags: More flags for each of them.
  public func units(_ files: [String], and flags: [String] = []) throws(ReadError) -> [Unit] {
    var units: [Unit] = []
    if files.isEmpty {
      for entry in entries where entry.file.hasSuffix(".c") { units.append(try unit(entry, nil, flags)) }
    }
    for file in files {
      let wanted = Files.resolved(file) ?? file
      guard let entry = entries.first(where: { Self.full($0) == wanted || $0.file == file }) else {
        throw ReadError(file, "\(path) has no entry for it")
      }
      units.append(try unit(entry, file, flags))
    }
    return units
  }

  private static func full(_ entry: Entry) -> String {
    let path = entry.file.hasPrefix("/") ? FilePath(entry.file) : FilePath(entry.folder).appending(entry.file)
    return Files.resolved(path.string) ?? path.lexicallyNormalized().string
  }

  private func unit(_ entry: Entry, _ name: String?, _ more: [String]) throws(ReadError) -> Unit {
    var words = entry.arguments
    if words.isEmpty {
      do {
        words = try ShellWords.split(entry.command)
      } catch {
        throw ReadError(path, error.description)
      }
    }
    return Unit(
      name: name ?? entry.file, path: entry.file, flags: Self.flags(words, file: entry.file) + more,
      folder: entry.folder.isEmpty ? nil : entry.folder)
  }

  /// The flags without the compiler, the file, and those that say what to write.
  private static func flags(_ words: [String], file: String) -> [String] {
    var flags: [String] = []
    var skips = true  // the compiler
    for word in words {
      if skips {
        skips = false
      } else if ["-o", "-MF", "-MT", "-MQ"].contains(word) {
        skips = true
      } else if !["-c", "-S", "-E", "-M", "-MM", "-MD", "-MMD", "-MP", "--", "-Werror", file].contains(word) {
        flags.append(word)
      }
    }
    return flags
  }

  private static func parse(_ bytes: [UInt8]) throws -> [Entry] {
    var tokenizer = JSONTokenizer()
    var entries: [Entry] = []
    var (key, isStarted, depth) = ("", false, 0)
    try tokenizer.take(bytes) { token in
      if !isStarted, token != .beginArray { throw ReadError("", "it must be a list of objects") }
      isStarted = true
      switch token {
      case .beginObject:
        depth += 1
        entries.append(Entry())
      case .beginArray: depth += 1
      case .endObject, .endArray: depth -= 1
      case .key(let name): key = name
      case .text(let text): if !entries.isEmpty { put(text, key, in: &entries[entries.count - 1]) }
      }
      if depth > 3 { throw ReadError("", "lists and objects are nested too deep") }
    }
    guard tokenizer.isComplete, isStarted else { throw ReadError("", "the text ends too early") }
    return entries
  }

  private static func put(_ text: String, _ key: String, in entry: inout Entry) {
    switch key {
    case "directory": entry.folder = text
    case "file": entry.file = text
    case "arguments": entry.arguments.append(text)
    case "command": entry.command = text
    default: break
    }
  }
}
