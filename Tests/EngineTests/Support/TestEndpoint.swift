// Where to listen, and a folder for it.
internal import IPC
internal import SystemPackage

/// The ways from one process to another that the contract has.
enum Transport: String, CaseIterable, Sendable {
  case ipv4, ipv6, unix, abstract

  /// A place of its own for each test.
  func place() throws(Errno) -> Place { try Place(self) }
}

/// An endpoint that nobody else has; its folder goes with it.
struct Place: ~Copyable {
  let endpoint: Endpoint
  private let folder: Folder?

  init(_ transport: Transport) throws(Errno) {
    let folder = transport == .unix ? try Folder() : nil
    endpoint =
      switch transport {
      case .ipv4: .anyIPv4
      case .ipv6: .anyIPv6
      case .unix: .unix(path: folder!.path("socket"))
      case .abstract: .abstract(name: Array("diptych-\(UInt64.random(in: 0...UInt64.max))".utf8))
      }
    self.folder = folder
  }
}

/// A fresh folder; it is removed where its scope ends, with the files whose paths it gave.
struct Folder: ~Copyable {
  let path: [UInt8]
  private let given = Given()

  private final class Given { var paths: [[UInt8]] = [] }

  init() throws(Errno) {
    let path = Array("/tmp/diptych-\(UInt64.random(in: 0...UInt64.max))".utf8)
    try Kernel.makeFolder(path)
    self.path = path
  }

  func path(_ name: String) -> [UInt8] {
    let path = path + Array("/\(name)".utf8)
    given.paths.append(path)
    return path
  }

  /// A path of exactly that many bytes.
  func path(ofLength length: Int) -> [UInt8] {
    path(String(repeating: "x", count: length - path.count - 1))
  }

  deinit {
    for file in given.paths { try? Kernel.removeFile(file) }
    try? Kernel.removeFolder(path)
  }
}
