// Endpoints for sockets.
internal import IPC
internal import SystemPackage

/// The kinds of sockets.
enum Transport: String, CaseIterable, Sendable {
  case ipv4, ipv6, unix, abstract

  /// Makes an endpoint that no other test uses.
  func makeEndpoint() throws(Errno) -> TestEndpoint { try TestEndpoint(self) }
}

/// An endpoint that no other test uses. Its folder, if it has one, is removed with it.
struct TestEndpoint: ~Copyable {
  let endpoint: Endpoint
  private let folder: TemporaryFolder?

  init(_ transport: Transport) throws(Errno) {
    let folder = transport == .unix ? try TemporaryFolder() : nil
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

extension Endpoint {
  static let anyIPv4 = Endpoint.tcp(host: "127.0.0.1", port: 0)
  static let anyIPv6 = Endpoint.tcp(host: "::1", port: 0)

  /// The endpoint without the parts that differ in each test: the port, and the name of a test endpoint.
  var masked: Endpoint {
    switch self {
    case .tcp(let host, let port): .tcp(host: host, port: port == 0 ? 0 : 1)
    case .unix(let path): path.starts(with: "/tmp/diptych-".utf8) ? .unix(path: Array("masked")) : self
    case .abstract(let name): name.starts(with: "diptych-".utf8) ? .abstract(name: Array("masked")) : self
    case .pipe(let path): path.starts(with: "/tmp/diptych-".utf8) ? .pipe(path: Array("masked")) : self
    case .queue(let name): name.starts(with: "/diptych-".utf8) ? .queue(name: Array("/masked")) : self
    case .memory(let name): name.starts(with: "/diptych-".utf8) ? .memory(name: Array("/masked")) : self
    }
  }

  /// The masked endpoint of a socket that is bound, so that its port is not 0.
  var maskedWhenBound: Endpoint {
    if case .tcp(let host, _) = self { .tcp(host: host, port: 1) } else { masked }
  }

  var port: UInt16? {
    if case .tcp(_, let port) = self { port } else { nil }
  }
}
