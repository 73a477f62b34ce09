/// Where a server listens, `struct ipc_endpoint`: `tcp:127.0.0.1:5000`, `tcp:[::1]:5000`, `tcp:localhost:5000`,
/// `unix:/run/hello.sock`, `unix:@name`. `Engine.parse` reads it, `Engine.format` prints it.
public enum Endpoint: Hashable, Sendable {
  /// tcp(7) over IPv4 or IPv6; the host is a name or an address, an IPv6 address without brackets.
  case tcp(host: String, port: UInt16)
  /// unix(7), by path: bytes, because Linux' file names are.
  case unix(path: [UInt8])
  /// unix(7) in Linux' abstract name space, without the `@`; the name may hold any byte.
  case abstract(name: [UInt8])

  /// The originals' address.
  public static let original = Endpoint.tcp(host: "127.0.0.1", port: 5000)
}
