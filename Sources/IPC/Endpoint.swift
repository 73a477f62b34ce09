/// Where a server listens and a client connects, `struct ipc_endpoint`: `tcp:127.0.0.1:5000`, `tcp:[::1]:5000`,
/// `tcp:localhost:5000`, `tcp:*:5000`, `unix:/run/hello.sock`, `unix:@name`, `pipe:/run/hello`, `queue:/hello`,
/// `memory:/hello`. `Engine.parse` reads such a text, `Engine.format` writes it.
public enum Endpoint: Hashable, Sendable {
  /// tcp(7) over IPv4 or IPv6; the host is a name or an address, an IPv6 address without brackets,
  /// or `*` for a server on all addresses of both.
  case tcp(host: String, port: UInt16)
  /// unix(7) with a path: bytes, since Linux does not require file names to be UTF-8.
  case unix(path: [UInt8])
  /// unix(7) in Linux's abstract namespace; the name may contain any byte, and has no `@`.
  case abstract(name: [UInt8])
  /// Two FIFOs, fifo(7); their path without `.in` and `.out`.
  case pipe(path: [UInt8])
  /// Two POSIX message queues, mq_overview(7); the name starts with a slash.
  case queue(name: [UInt8])
  /// A POSIX shared memory object, shm_overview(7); the name starts with a slash.
  case memory(name: [UInt8])

  /// The endpoint is a link's, not a socket's.
  public var isLocal: Bool {
    switch self {
    case .tcp, .unix, .abstract: false
    case .pipe, .queue, .memory: true
    }
  }

  /// The address of the original programs.
  public static let original = Endpoint.tcp(host: "127.0.0.1", port: 5000)
}
