/// The limits of `include/ipc.h`, by their names there; a test holds the two lists together.
public enum Limit {
  /// Bytes of a host name (RFC 1035, section 3.1): `IPC_HOST_MAX`.
  public static let host = 253
  /// Bytes of a Unix socket's path or abstract name, unix(7): `IPC_PATH_MAX`.
  public static let path = 107
  /// Addresses of one name that are tried: `IPC_CANDIDATES_MAX`.
  public static let candidates = 16
  /// Clients that may wait to be accepted, as in the originals: `IPC_BACKLOG_DEFAULT`.
  public static let defaultBacklog = 10
  /// Bytes that the message service receives: `IPC_LINE_MAX`.
  public static let line = 255
  /// Bytes of the message that the greeting service sends: `IPC_GREETING_MAX`.
  public static let greeting = 1_048_576
  /// Bytes of the buffer between two descriptors: `IPC_BUFFER_SIZE`.
  public static let buffer = 262_144
  /// In which a client must be connected, unless it says otherwise: `IPC_CONNECT_TIMEOUT_MS`.
  public static let connectTimeout = Duration.milliseconds(10_000)
  /// For which a server that has ended goes on discarding what its client still sends: `IPC_LINGER_MS`.
  public static let linger = Duration.milliseconds(1_000)
  /// That a server which stays waits when descriptors or memory ran out: `IPC_ACCEPT_PAUSE_MS`.
  public static let acceptPause = Duration.milliseconds(100)
  /// Clients that are served at once, unless the server says otherwise: `IPC_CLIENTS_DEFAULT`.
  public static let defaultClients = 10_000
  /// That a first stop leaves the served clients, unless the server says otherwise: `IPC_DRAIN_DEFAULT_MS`.
  public static let defaultDrain = Duration.milliseconds(10_000)
  /// Bytes of a ring, which are a power of two: `IPC_RING_MIN` to `IPC_RING_MAX`.
  public static let ring = 64...1_073_741_824
  /// Bytes of a ring, unless who makes it says otherwise: `IPC_RING_DEFAULT`.
  public static let defaultRing = 262_144
  /// Times that a wait at a ring looks before it sleeps: `IPC_RING_SPINS`.
  public static let ringSpins: UInt32 = 2000
  /// Bytes of the path of a pipe's FIFOs: `IPC_PIPE_PATH_MAX`.
  public static let pipePath = 248
  /// Bytes of a queue's or a shared object's name behind its slash: `IPC_OBJECT_NAME_MAX`.
  public static let objectName = 251
  /// Bytes of a queue's message with its head: `IPC_QUEUE_MESSAGE_MIN` to `IPC_QUEUE_MESSAGE_MAX`.
  public static let queueMessage = 64...16_777_216
  /// The same, unless the server says otherwise: `IPC_QUEUE_MESSAGE_DEFAULT`.
  public static let defaultQueueMessage = 8_192
  /// Messages that stand in a queue: 1 to `IPC_QUEUE_DEPTH_MAX`.
  public static let queueDepth = 1...65_536
  /// The same, unless the server says otherwise: `IPC_QUEUE_DEPTH_DEFAULT`.
  public static let defaultQueueDepth = 10
  /// After which who waits on a link looks whether the other end lives: `IPC_PEER_CHECK_MS`.
  public static let peerCheck = Duration.milliseconds(250)
}

extension Duration {
  /// Whole milliseconds as poll(2) takes them, rounded up so that no wait ends early.
  public var milliseconds: CInt {
    let (seconds, attoseconds) = components
    let part = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    let most = Int64(CInt.max)
    return CInt(clamping: max(0, min(max(seconds, -most), most) * 1000 + part))
  }
}
