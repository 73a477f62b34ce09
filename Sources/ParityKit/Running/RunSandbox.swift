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
  func changePort() throws(Errno) { port = try Self.freePort() }

  func fill(_ word: String) -> String {
    var values = ["port": String(port), "host": host, "socket": socket, "dir": folder]
    if let upstreamPort {
      values["upstream"] = "\(host):\(upstreamPort)"
      values["upstream-port"] = String(upstreamPort)
    }
    var (filled, rest) = ("", word[...])
    while let open = rest.firstIndex(of: "{") {
      filled += rest[..<open]
      let name = rest[open...].dropFirst().prefix { $0 != "}" && $0 != "{" }
      if let value = values[String(name)], name.endIndex < rest.endIndex, rest[name.endIndex] == "}" {
        filled += value
        rest = rest[name.endIndex...].dropFirst()
      } else {
        filled += "{"
        rest = rest[open...].dropFirst()
      }
    }
    return filled + rest
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
