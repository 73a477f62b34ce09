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
    let status = System.status(of: path)
    switch kind {
    case .file:
      let content = System.contents(of: path, atMost: Limits.leftContent) ?? []
      self.init(name: name, mode: status.mode, size: status.size, content, names)
    case .link:
      self.init(name: name, facts: ["to \(System.target(ofLink: path).map(names.masked) ?? "?")"])
    case .folder, .socket, .fifo, .device:
      self.init(name: name, facts: ["mode \(String(status.mode, radix: 8))"])
    }
  }

  private init(name: String, facts: [String]) { (self.name, self.facts, content) = (name, facts, []) }

  private init(name: String, mode: UInt32, size: Int, _ content: [UInt8], _ names: RunNames) {
    self.name = name
    let mode = "mode \(String(mode, radix: 8))"
    facts = size > Limits.leftContent ? [mode, "\(size) bytes"] : [mode]
    self.content = names.masked(content)
  }

  /// A supplied file that the program has not changed.
  init(file path: String, mode: UInt32, _ content: [UInt8], _ names: RunNames) {
    self.init(
      name: "file \(names.masked(path))", mode: mode, size: content.count, Array(content.prefix(Limits.leftContent)),
      names)
  }

  /// A supplied file that the program has removed.
  init(removed name: String) { self.init(name: "removed: \(name)", facts: []) }
}
