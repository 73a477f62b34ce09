/// A listening socket, and the socket file to remove with it, `struct ipc_server`. Close it with `Engine.close`: the
/// end of its lifetime closes the socket, but does not remove the file.
public struct Server: ~Copyable {
  /// The identity of a socket file: another file with the same path differs.
  public struct File: Equatable, Sendable {
    public let device: UInt64
    public let inode: UInt64

    public init(device: UInt64, inode: UInt64) {
      self.device = device
      self.inode = inode
    }
  }

  public let descriptor: Descriptor
  /// Where it listens; the real port if port 0 was requested.
  public let endpoint: Endpoint
  /// The number of clients that can wait to be accepted.
  public let backlog: Int
  /// See `ListenOptions.keepAlive`.
  public let keepAlive: Duration
  /// A supervisor keeps the socket open, so a stop does not shut it down.
  public let isLent: Bool
  /// The socket does not listen: it is connected to the only client.
  public let isConnected: Bool
  public let file: File?
  /// Another listener of the same server: see `Engine.serve`.
  public var next: Next?

  /// A listener behind another one.
  public final class Next {
    private var server: Server?

    public init(_ server: consuming Server) { self.server = consume server }

    /// Calls the body, unless the listener was taken.
    public func borrow<R>(_ body: (borrowing Server) -> R) -> R? {
      switch server {
      case let server?: body(server)
      case nil: nil
      }
    }

    public func take() -> Server? { server.take() }
  }

  public init(
    _ descriptor: consuming Descriptor, at endpoint: Endpoint, backlog: Int, keepAlive: Duration = .zero,
    isLent: Bool = false, isConnected: Bool = false, file: File?
  ) {
    self.descriptor = descriptor
    self.backlog = backlog
    self.keepAlive = keepAlive
    self.isLent = isLent
    self.isConnected = isConnected
    self.endpoint = endpoint
    self.file = file
  }

  public consuming func release() -> Descriptor { descriptor }

  /// Where it listens, and where the listeners behind it do.
  public var endpoints: [Endpoint] { [endpoint] + (next?.borrow { $0.endpoints } ?? []) }
}

/// How to listen, `struct ipc_listen_options`.
public struct ListenOptions: Equatable, Sendable {
  /// The number of clients that can wait to be accepted.
  public var backlog: Int
  /// The time without data after which the kernel checks that a TCP client is alive, in whole seconds; zero is off.
  public var keepAlive: Duration

  /// The mode of a Unix socket's file, with at least 0600; nil is 0600.
  public var mode: UInt32?
  /// The group of a Unix socket's file.
  public var group: UInt32?

  public init(
    backlog: Int = Limit.defaultBacklog, keepAlive: Duration = Limit.defaultKeepAlive, mode: UInt32? = nil,
    group: UInt32? = nil
  ) {
    self.backlog = backlog
    self.keepAlive = keepAlive
    self.mode = mode
    self.group = group
  }
}
