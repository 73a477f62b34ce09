import SystemPackage

/// A folder of one test; it is removed with its contents after the test.
struct TemporaryFolder: Sendable {
  let path: String

  /// A name that is unique on this machine.
  var name: String { String(path.drop { $0 != "-" }.dropFirst()) }

  func path(_ file: String) -> String { "\(path)/\(file)" }

  /// Makes a file of these bytes, and returns its path.
  func file(_ name: String, _ bytes: Bytes) throws -> String {
    let file = try FileDescriptor.open(
      FilePath(path(name)), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    _ = try file.closeAfter { try file.writeAll(bytes.array) }
    return path(name)
  }

  /// nil if no file has this name.
  func status(_ file: String) -> Stat? { try? FilePath(path(file)).stat(followTargetSymlink: false) }
}

func withTemporaryFolder<R: Sendable>(_ body: (TemporaryFolder) async throws -> R) async throws -> R {
  let folder = TemporaryFolder(path: TestSystem.makeFolder("/tmp/diptych-XXXXXX"))
  let result: Result<R, any Error>
  do { result = .success(try await body(folder)) } catch { result = .failure(error) }
  _ = try await Command(path: "rm", ["-rf", folder.path]).run()
  return try result.get()
}
