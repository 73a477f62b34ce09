/// Where a server listens: `tcp:127.0.0.1:5000`, `tcp:[::1]:5000`, `tcp:localhost:5000`, `unix:/run/hello.sock`.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  private enum Kind: Hashable {
    case tcp(host: String, port: Int)
    case unix(path: String)
  }

  private let kind: Kind

  /// Why a text is not an endpoint.
  public struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// Hosts are numeric addresses, or `localhost`: no name is resolved.
  public init(_ text: String) throws(Malformed) {
    let (scheme, rest) = Self.cut(text, at: text.firstIndex(of: ":"))
    switch scheme {
    case "unix": kind = .unix(path: rest)
    case "tcp":
      let (host, port) = Self.cut(rest, at: rest.lastIndex(of: ":"))
      let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
      var name = isBracketed ? String(host.dropFirst().dropLast()) : host
      if name == "localhost", !isBracketed { name = "127.0.0.1" }
      guard let port = Int(port), isBracketed == name.contains(":") else { throw Self.malformed(text) }
      kind = .tcp(host: name, port: port)
    default: throw Self.malformed(text)
    }
    if address == nil { throw Self.malformed(text) }
  }

  /// The same host with the port that the kernel chose for port 0.
  func with(port: Int) -> Endpoint {
    if case .tcp(let host, _) = kind { Endpoint(kind: .tcp(host: host, port: port)) } else { self }
  }

  private init(kind: Kind) { self.kind = kind }

  private static func cut(_ text: String, at index: String.Index?) -> (String, String) {
    index.map { (String(text[..<$0]), String(text[$0...].dropFirst())) } ?? ("", text)
  }

  private static func malformed(_ text: String) -> Malformed {
    Malformed(description: "\"\(text)\" is not an endpoint; allowed: tcp:ADDRESS:PORT, tcp:[ADDRESS]:PORT, unix:PATH")
  }

  var address: SocketAddress? {
    switch kind {
    case .tcp(let host, let port): SocketAddress(host: host, port: port)
    case .unix(let path): SocketAddress(path: path)
    }
  }

  /// The path of the socket file that a listener creates.
  var path: String? {
    if case .unix(let path) = kind { path } else { nil }
  }

  public var description: String {
    switch kind {
    case .tcp(let host, let port): host.contains(":") ? "tcp:[\(host)]:\(port)" : "tcp:\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}
