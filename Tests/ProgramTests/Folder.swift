// A folder of a test's own.
import SystemPackage

/// A new folder, gone with all that is in it when its body has ended.
struct Folder: Sendable {
  let path: String

  /// A name that no other folder of this machine has.
  var name: String { String(path.drop { $0 != "-" }.dropFirst()) }

  func path(_ file: String) -> String { "\(path)/\(file)" }

  /// Makes a file of these bytes; its path.
  func file(_ name: String, _ bytes: Bytes) throws -> String {
    let file = try FileDescriptor.open(
      FilePath(path(name)), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    _ = try file.closeAfter { try file.writeAll(bytes.array) }
    return path(name)
  }

  /// nil: there is nothing of that name.
  func status(_ file: String) -> Stat? { try? FilePath(path(file)).stat(followTargetSymlink: false) }
}

func withFolder<R: Sendable>(_ body: (Folder) async throws -> R) async throws -> R {
  let folder = Folder(path: System.makeFolder("/tmp/diptych-XXXXXX"))
  let result: Result<R, any Error>
  do { result = .success(try await body(folder)) } catch { result = .failure(error) }
  _ = try await Command(path: "rm", ["-rf", folder.path]).run()
  return try result.get()
}
