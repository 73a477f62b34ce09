internal import Formats

/// A file that a command names: the program itself, or a script or another file among its arguments.
struct ProgramFile: Hashable {
  let path: String
  /// The size and the SHA-256; nil if the file does not exist.
  let bytes: Int?
  let digest: String?

  init(path: String, bytes: Int?, digest: String?) { (self.path, self.bytes, self.digest) = (path, bytes, digest) }

  /// The files that a command names. The first is the program, found along PATH. `file` names the bundle in errors.
  static func list(_ program: Program, for file: String) throws(InputError) -> [ProgramFile] {
    var paths = [Program.locate(program.words[0]) ?? program.words[0]]
    for word in program.words.dropFirst() {
      // An option may have a file as its value.
      let value = word.hasPrefix("-") ? word.split(separator: "=", maxSplits: 1).dropFirst().first ?? "" : word[...]
      guard value.contains("/") || System.kind(of: String(value)) != nil, !value.isEmpty else { continue }
      let path = value.hasPrefix("/") ? String(value) : "\(System.workingFolder)/\(value)"
      if System.kind(of: System.realPath(path)) == .file, !paths.contains(path) { paths.append(path) }
    }
    var files: [ProgramFile] = []
    for path in paths { files.append(try ProgramFile(path, for: file)) }
    return files
  }

  /// The file as it is now.
  init(_ path: String, for file: String) throws(InputError) {
    self.path = path
    let real = System.realPath(path)
    guard System.kind(of: real) == .file, Terminal.canRead(real) else {
      (bytes, digest) = (nil, nil)
      return
    }
    bytes = System.status(of: real).size
    digest = try Digest.of(path: real, for: file)
  }

  init(_ field: Report.Field) throws(InputError) {
    path = try field["path"].text
    bytes = try field.optional("bytes")?.number
    digest = try field.optional("sha256")?.text
  }

  var json: JSON {
    .object([
      ("path", .text(path)), ("bytes", bytes.map(JSON.number) ?? .null), ("sha256", digest.map(JSON.text) ?? .null),
    ])
  }
}
