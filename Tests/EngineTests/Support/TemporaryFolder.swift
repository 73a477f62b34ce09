internal import SystemPackage

/// A new folder. It is removed at the end of its scope, together with the files whose paths it returned.
struct TemporaryFolder: ~Copyable {
  let path: [UInt8]
  private let files = Files()

  private final class Files { var paths: [[UInt8]] = [] }

  init() throws(Errno) {
    let path = Array("/tmp/diptych-\(UInt64.random(in: 0...UInt64.max))".utf8)
    try TestSystem.makeFolder(path)
    self.path = path
  }

  func path(_ name: String) -> [UInt8] {
    let path = path + Array("/\(name)".utf8)
    files.paths.append(path)
    return path
  }

  /// Returns a path of exactly this many bytes.
  func path(ofLength length: Int) -> [UInt8] {
    path(String(repeating: "x", count: length - path.count - 1))
  }

  deinit {
    for file in files.paths { try? TestSystem.removeFile(file) }
    try? TestSystem.removeFolder(path)
  }
}
