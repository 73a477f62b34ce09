/// A socket that a server listens on: TCP over either IP version, or a Unix socket with a path or an abstract name.
enum SocketKind: CaseIterable, Sendable {
  case ipv4, ipv6, path, abstract

  /// One kind of each family, for tests that are slow.
  static let twoKinds = [SocketKind.ipv4, .path]

  /// An endpoint with a free port, or a name that belongs to this folder only.
  func endpoint(in folder: TemporaryFolder) -> String {
    switch self {
    case .ipv4: "tcp:127.0.0.1:0"
    case .ipv6: "tcp:[::1]:0"
    case .path: "unix:\(folder.path("socket"))"
    case .abstract: "unix:@\(folder.name)"
    }
  }
}
