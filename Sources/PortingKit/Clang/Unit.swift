internal import SystemPackage

/// A file of C, and how it is compiled.
public struct Unit: Sendable, Equatable {
  /// The name by which the user knows the file.
  public let name: String
  /// The path for clang, in the folder where clang runs.
  let path: String
  let flags: [String]
  /// The folder where clang runs: nil for this one.
  let folder: String?

  public init(name: String, flags: [String]) {
    self.init(name: name, path: name, flags: flags, folder: nil)
  }

  init(name: String, path: String, flags: [String], folder: String?) {
    self.name = name
    self.path = path
    self.flags = flags
    self.folder = folder
  }

  /// The path for a program that runs in this folder.
  var reachablePath: String {
    guard let folder, !path.hasPrefix("/") else { return path }
    return FilePath(folder).appending(path).lexicallyNormalized().string
  }
}
