/// A link that a server listens on: pipes, message queues or shared memory.
enum LinkKind: String, CaseIterable, Sendable {
  case pipe, queue, memory

  /// An endpoint whose name belongs to this folder only.
  func endpoint(in folder: TemporaryFolder) -> String {
    switch self {
    case .pipe: "pipe:\(folder.path("hello"))"
    case .queue: "queue:/diptych-\(folder.name)"
    case .memory: "memory:/diptych-\(folder.name)"
    }
  }

  /// The names that a server left behind; empty if it removed all.
  ///
  /// Queues and shared memory are not in the folder: there a client must fail with ENOENT.
  func leftovers(in folder: TemporaryFolder) async throws -> String {
    switch self {
    case .pipe: return String(decoding: try await Command(path: "ls", [folder.path]).run().output.array, as: UTF8.self)
    case .queue, .memory:
      let error = try await Command.client(.c, endpoint(in: folder)).run().error
      let notFound = "Error : Connect Failed: \(endpoint(in: folder)): No such file or directory\n"
      return error == notFound ? "" : error
    }
  }
}
