/// A file that each run of a program gets in its folder, such as a configuration. `{port}`, `{host}`, `{socket}` and
/// `{dir}` in it are replaced, unless it contains a NUL byte.
public struct SuppliedFile: Hashable, Sendable {
  /// Where the file comes from.
  public let path: String
  /// Its path in the run's folder.
  public let name: String
  /// Its content when it was read.
  let content: [UInt8]
  /// `{port}` and `{socket}`, if the content has them.
  let names: Set<String>
  /// Its permissions in the run's folder.
  let mode: UInt32

  /// When it was modified: a server may send this time.
  let modification: Int

  /// Reads a file. Without a name, the last component of its path is the name.
  public init(_ path: String, name: String? = nil) throws(InputError) {
    func refused(_ what: String, _ allowed: String...) -> InputError {
      InputError(file: path, line: nil, what: what, allowed: allowed)
    }
    let name = name ?? String(path.split(separator: "/").last ?? "")
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !["", ".", ".."].contains($0) }), !name.contains("\0") else {
      throw refused("\"\(name)\" is not a path in the run's folder", "NAME", "FOLDER/NAME")
    }
    guard parts.first != "socket" else { throw refused("{socket} has the name \"socket\"", "another name") }
    if System.kind(of: path + "/.") != nil {
      throw refused("is a folder", "files, each with its own name: --file \(path)/FILE=\(name)/FILE")
    }
    guard let content = System.contents(of: path, atMost: Limits.file + 1) else { throw refused("can't be read") }
    guard content.count <= Limits.file else { throw refused("is too large", "\(Limits.file) bytes at most") }
    (self.path, self.name, self.content) = (path, name, content)
    modification = System.modification(of: path)
    names = content.contains(0) ? [] : Set(["{port}", "{socket}"].filter { content.firstRange(of: $0.utf8) != nil })
    mode = System.isExecutable(path) ? 0o755 : 0o644
  }

  /// Reads `PATH` or `PATH=NAME`.
  public init(option: String) throws(InputError) {
    guard let equals = option.lastIndex(of: "="), System.kind(of: option) == nil else {
      try self.init(option)
      return
    }
    try self.init(String(option[..<equals]), name: String(option[equals...].dropFirst()))
  }

  /// Reads options, whose names must differ.
  public static func list(_ options: [String]) throws(InputError) -> [SuppliedFile] {
    var all: [SuppliedFile] = []
    for option in options {
      let file = try SuppliedFile(option: option)
      let other = all.first { "\($0.name)/".hasPrefix("\(file.name)/") || "\(file.name)/".hasPrefix("\($0.name)/") }
      if let other {
        throw InputError(
          file: option, line: nil, what: "the run's folder has \"\(other.name)\" already",
          allowed: ["another name: PATH=NAME"])
      }
      all.append(file)
    }
    guard all.count <= Limits.files else {
      throw InputError(
        file: options.last ?? "", line: nil, what: "\(all.count) files are too many", allowed: ["\(Limits.files)"])
    }
    return all
  }

  /// The folders of its name, such as `a` and `a/b` of `a/b/name`.
  var folders: [String] {
    let parts = name.split(separator: "/").dropLast()
    return parts.indices.map { parts[...$0].joined(separator: "/") }
  }

  /// The option that gives the same file.
  public var option: String { name == path.split(separator: "/").last.map(String.init) ? path : "\(path)=\(name)" }
}
