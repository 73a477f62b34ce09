/// A file, or another entry of a folder, that a program has left.
struct LeftFile: Hashable, Sendable {
  /// The kind, such as `file`, and the path in the folder.
  let name: String
  /// The permissions, the size of a large file, and the target of a link.
  let facts: [String]
  /// The first bytes of a file, masked as output is.
  let content: [UInt8]

  /// Lists a folder recursively.
  static func list(_ folder: String, below prefix: String = "", _ names: RunNames) -> [LeftFile] {
    System.names(in: folder).flatMap { name -> [LeftFile] in
      let path = "\(folder)/\(name)"
      let kind = System.kind(of: path) ?? .file
      let entry = LeftFile(path, kind, name: "\(kind.rawValue) \(names.masked(prefix + name))", names)
      return kind == .folder ? [entry] + list(path, below: "\(prefix)\(name)/", names) : [entry]
    }
  }

  private init(_ path: String, _ kind: System.FileKind, name: String, _ names: RunNames) {
    self.name = name
    let status = System.status(of: path)
    switch kind {
    case .link:
      (facts, content) = (["to \(System.target(ofLink: path).map(names.masked) ?? "?")"], [])
    case .file:
      let mode = "mode \(String(status.mode, radix: 8))"
      facts = status.size > Limits.leftContent ? [mode, "\(status.size) bytes"] : [mode]
      content = names.masked(System.contents(of: path, atMost: Limits.leftContent) ?? [])
    case .folder, .socket, .fifo, .device:
      (facts, content) = (["mode \(String(status.mode, radix: 8))"], [])
    }
  }
}
