/// The limits of the header `ipc.h`; a test compares the two lists.
public enum Limit {
  /// Maximum bytes of a host name (RFC 1035, section 3.1): `IPC_HOST_MAX`.
  public static let host = 253
  /// Maximum bytes of a Unix socket's path or abstract name, unix(7): `IPC_PATH_MAX`.
  public static let path = 107
  /// Maximum number of addresses of one host name that are tried: `IPC_CANDIDATES_MAX`.
  public static let candidates = 128
  /// Default number of clients that can wait to be accepted, as in the originals: `IPC_BACKLOG_DEFAULT`.
  public static let defaultBacklog = 10
  /// Default time without data after which the kernel checks that a TCP client is alive: `IPC_KEEPALIVE_DEFAULT_S`.
  public static let defaultKeepAlive = Duration.seconds(60)
  /// The kernel's maximum of that time: `IPC_KEEPALIVE_MAX_S`.
  public static let keepAlive = Duration.seconds(32_767)
  /// How many probes the check sends: `IPC_KEEPALIVE_PROBES`.
  public static let keepAliveProbes = 4
  /// The maximum time between two probes: `IPC_KEEPALIVE_INTERVAL_S`.
  public static let keepAliveInterval = Duration.seconds(15)
  /// Maximum bytes that the message service receives: `IPC_LINE_MAX`.
  public static let line = 255
  /// Maximum bytes of the greeting: `IPC_GREETING_MAX`.
  public static let greeting = 1_048_576
  /// Bytes of each buffer through which a server, a relay or a link copies: `IPC_BUFFER_SIZE`.
  public static let buffer = 262_144
  /// Default time for connecting: `IPC_CONNECT_TIMEOUT_MS`.
  public static let connectTimeout = Duration.milliseconds(10_000)
  /// The time after which a client tries the next address, and continues with those before it: `IPC_ATTEMPT_DELAY_MS`.
  public static let attemptDelay = Duration.milliseconds(250)
  /// The time for which a server goes on discarding a client's input after the service has ended: `IPC_LINGER_MS`.
  public static let linger = Duration.milliseconds(1_000)
  /// The time for which a server stops accepting when it has no descriptors or no memory left, or when another error of
  /// accept(2) repeats: `IPC_ACCEPT_PAUSE_MS`.
  public static let acceptPause = Duration.milliseconds(100)
  /// Maximum listeners of one server: `IPC_LISTENERS_MAX`.
  public static let listeners = 16
  /// Default number of clients that are served at once: `IPC_CLIENTS_DEFAULT`.
  public static let defaultClients = 10_000
  /// Default time that clients have to end after the first stop request: `IPC_DRAIN_DEFAULT_MS`.
  public static let defaultDrain = Duration.milliseconds(10_000)
  /// Bytes of each ring, a power of two: `IPC_RING_MIN` to `IPC_RING_MAX`.
  public static let ring = 64...1_073_741_824
  /// Default bytes of each ring: `IPC_RING_DEFAULT`.
  public static let defaultRing = 262_144
  /// How often a wait for a ring polls before it sleeps: `IPC_RING_SPINS`.
  public static let ringSpins: UInt32 = 2000
  /// Maximum bytes of the path of a pipe's FIFOs: `IPC_PIPE_PATH_MAX`.
  public static let pipePath = 248
  /// Maximum bytes of a queue's or object's name after its slash: `IPC_OBJECT_NAME_MAX`.
  public static let objectName = 251
  /// Bytes of a queue's message with its head: `IPC_QUEUE_MESSAGE_MIN` to `IPC_QUEUE_MESSAGE_MAX`.
  public static let queueMessage = 64...16_777_216
  /// Default bytes of a queue's message with its head: `IPC_QUEUE_MESSAGE_DEFAULT`.
  public static let defaultQueueMessage = 8_192
  /// Messages that a queue can hold: 1 to `IPC_QUEUE_DEPTH_MAX`.
  public static let queueDepth = 1...65_536
  /// Default number of messages that a queue can hold: `IPC_QUEUE_DEPTH_DEFAULT`.
  public static let defaultQueueDepth = 10
  /// How often a waiting end checks that its peer is alive: `IPC_PEER_CHECK_MS`.
  public static let peerCheck = Duration.milliseconds(250)
}
