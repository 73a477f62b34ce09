internal import Glibc
internal import Synchronization
internal import SystemPackage

/// The private environment of a run: an empty folder, a port, and a path for a Unix socket.
final class RunSandbox {
  let folder: String
  let host = "127.0.0.1"
  private(set) var port: Int
  /// Where the upstreams of a proxy listen; nil for other roles.
  let upstreamPort: Int?
  var socket: String { folder + "/socket" }
  /// The control group of the run's processes.
  let group: ControlGroup

  init(hasUpstream: Bool = false) throws(Errno) {
    _ = Guard.process
    port = try Self.freePort()
    upstreamPort = hasUpstream ? try Self.freePort() : nil
    folder = try SignalCleanup.addFolder { () throws(Errno) in
      try System.makeFolder("\(System.temporaryFolder)/\(Guard.prefix)XXXXXX")
    }
    group = ControlGroup(String(folder.split(separator: "/").last ?? ""))
  }

  deinit {
    System.removeTree(folder)
    SignalCleanup.remove(folder: folder)
  }

  /// Takes another port, because another program has taken this one.
  func changePort() throws(Errno) {
    port = try Self.freePort()
    try writeFiles()
  }

  func fill(_ word: String) -> String { String(decoding: fill(Array(word.utf8)), as: UTF8.self) }

  /// Replaces `{port}`, `{host}`, `{socket}` and `{dir}`, and for a proxy `{upstream}` and `{upstream-port}`.
  private func fill(_ bytes: [UInt8]) -> [UInt8] {
    var values = ["{port}": String(port), "{host}": host, "{socket}": socket, "{dir}": folder]
    if let upstreamPort {
      values["{upstream}"] = "\(host):\(upstreamPort)"
      values["{upstream-port}"] = String(upstreamPort)
    }
    let names = values.map { (name: Array($0.key.utf8), value: Array($0.value.utf8)) }
    var (filled, rest) = ([UInt8](), bytes[...])
    while let open = rest.firstIndex(of: UInt8(ascii: "{")) {
      filled += rest[..<open]
      rest = rest[open...]
      if let (name, value) = names.first(where: { rest.starts(with: $0.name) }) {
        filled += value
        rest = rest.dropFirst(name.count)
      } else {
        filled.append(rest.removeFirst())
      }
    }
    return filled + rest
  }

  // MARK: Supplied files

  private var files: [SuppliedFile] = []
  /// The folders that supplied files need.
  private var folders: Set<String> { Set(files.flatMap(\.folders)) }

  /// Adds files to the folder.
  func supply(_ more: [SuppliedFile]) throws(Errno) {
    files += more
    try writeFiles()
  }

  private func writeFiles() throws(Errno) {
    for name in folders.sorted() { try System.ensureFolder("\(folder)/\(name)") }
    for file in files {
      let path = "\(folder)/\(file.name)"
      try System.write(content(of: file), to: path)
      try System.setMode(of: path, file.mode)
      try System.setModification(of: path, file.modification)
    }
  }

  private func content(of file: SuppliedFile) -> [UInt8] {
    file.content.contains(0) ? file.content : fill(file.content)
  }

  /// What a program has left in the folder, besides supplied files. One that it has changed or removed is included.
  func leftFiles(_ names: RunNames) -> [LeftFile] {
    let expected = files.map { LeftFile(file: $0.name, mode: $0.mode, content(of: $0), names) }
    let left = LeftFile.list(folder, names)
    let present = Set(left.map(\.name))
    let own = Set(folders.map { "folder \(names.masked($0))" })
    return left.filter { !expected.contains($0) && !own.contains($0.name) }
      + expected.filter { !present.contains($0.name) }.map { LeftFile(removed: $0.name) }
  }

  func address(_ transport: Program.Transport) -> SocketAddress? {
    switch transport {
    case .tcp: SocketAddress(host: host, port: port)
    case .unix: SocketAddress(path: socket)
    case .none: nil
    }
  }

  /// The address of a proxy's upstreams.
  var upstreamAddress: SocketAddress? { upstreamPort.flatMap { SocketAddress(host: host, port: $0) } }

  // MARK: Ports

  /// Below the kernel's ephemeral ports, so that no connection takes one of them.
  private static let range = 20_000..<32_768
  private static let next = Mutex(Int.random(in: range))

  /// A free port. No other run of this process gets it until the whole range was used.
  private static func freePort() throws(Errno) -> Int {
    for _ in range {
      let port = next.withLock { next in
        next = next + 1 < range.upperBound ? next + 1 : range.lowerBound
        return next
      }
      guard let address = SocketAddress(host: "127.0.0.1", port: port) else { continue }
      let socket = try System.socket(for: address)
      defer { System.close(socket) }
      do throws(Errno) {
        try System.bind(socket, to: address, reuse: false)
        return port
      } catch  where error == .addressInUse {
        continue
      }
    }
    throw .addressInUse
  }
}
