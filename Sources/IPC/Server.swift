/// A socket that listens, and the file to remove with it: `struct ipc_server`. `Engine.close` removes the file.
public struct Server: ~Copyable {
  /// A socket file, told from one that took its place.
  public struct File: Equatable, Sendable {
    public let device: UInt64
    public let inode: UInt64

    public init(device: UInt64, inode: UInt64) {
      self.device = device
      self.inode = inode
    }
  }

  public let descriptor: Descriptor
  /// Where it really listens: the port is the real one where 0 was asked for.
  public let endpoint: Endpoint
  /// Clients that may wait to be accepted.
  public let backlog: Int
  /// Others go on with the socket: it is not shut down when serving stops.
  public let isLent: Bool
  public let file: File?

  public init(
    _ descriptor: consuming Descriptor, at endpoint: Endpoint, backlog: Int, isLent: Bool = false, file: File?
  ) {
    self.descriptor = descriptor
    self.backlog = backlog
    self.isLent = isLent
    self.endpoint = endpoint
    self.file = file
  }

  public consuming func release() -> Descriptor { descriptor }
}

/// A socket that is connected, and to whom: `struct ipc_connection`.
public struct Connection: ~Copyable {
  public let descriptor: Descriptor
  public let endpoint: Endpoint
  /// It was made, and reset before that was seen: `Engine.relay` tells it after what arrived.
  public let wasReset: Bool

  public init(_ descriptor: consuming Descriptor, to endpoint: Endpoint, wasReset: Bool = false) {
    self.descriptor = descriptor
    self.endpoint = endpoint
    self.wasReset = wasReset
  }

  public consuming func release() -> Descriptor { descriptor }
}

/// What a descriptor may be waited for, `IPC_READABLE` and `IPC_WRITABLE`.
public struct Readiness: OptionSet, Sendable {
  public let rawValue: Int32

  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  public static var readable: Readiness { Readiness(rawValue: 1) }
  public static var writable: Readiness { Readiness(rawValue: 2) }
  /// Of a link's wait: the other descriptor is readable, `IPC_EXTRA`.
  public static var extra: Readiness { Readiness(rawValue: 4) }
}
