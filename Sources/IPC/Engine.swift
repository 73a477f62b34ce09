public import SystemPackage

/// The contract of `include/ipc.h` in Swift: one requirement a function, in the header's order, and the header tells the
/// whole of what each does. Two engines conform: the C one, and its port.
///
/// What would wait returns `nil`, and `wait` waits; every other failure is thrown.
public protocol Engine: SendableMetatype {
  /// Names the engine in reports: `c`, `swift`.
  static var name: String { get }

  /// What a cause means, in English. The corresponding C function is `ipc_error_text`.
  static func text(of cause: Cause) -> String

  // MARK: Endpoints

  /// Reads an endpoint. The corresponding C function is `ipc_endpoint_parse`.
  static func parse(_ text: [UInt8]) throws(Failure) -> Endpoint
  /// Makes a TCP endpoint of a host and a port. The corresponding C function is `ipc_endpoint_tcp`.
  static func tcp(host: [UInt8], port: [UInt8]) throws(Failure) -> Endpoint
  /// The text that `parse` reads. The corresponding C function is `ipc_endpoint_format`.
  static func format(_ endpoint: Endpoint) -> [UInt8]
  /// Turns a host name into endpoints with addresses, in the order to try them, at most `Limit.candidates`; other endpoints
  /// into themselves. The corresponding C function is `ipc_endpoint_resolve`.
  static func resolve(_ endpoint: Endpoint) throws(Failure) -> [Endpoint]
  /// The socket's own endpoint. The corresponding C function is `ipc_endpoint_local`.
  static func local(_ socket: borrowing Descriptor) throws(Failure) -> Endpoint
  /// The endpoint at the other end, or the own where that has none. The corresponding C function is `ipc_endpoint_peer`.
  static func peer(_ socket: borrowing Descriptor) throws(Failure) -> Endpoint

  // MARK: Streams

  /// Creates a stream socket for that endpoint. The corresponding C function is `ipc_create`.
  static func create(for endpoint: Endpoint) throws(Failure) -> Descriptor
  /// Receives at most the buffer's bytes; 0 is the peer's end. The corresponding C function is `ipc_receive`.
  static func receive(_ socket: borrowing Descriptor, into buffer: inout MutableSpan<UInt8>) throws(Failure) -> Int?
  /// Sends some of the bytes, at least one. `more` says that more, or the end, follows at once. The corresponding C
  /// function is `ipc_send`.
  static func send(_ socket: borrowing Descriptor, _ bytes: Span<UInt8>, more: Bool) throws(Failure) -> Int?
  /// Reads at most the buffer's bytes from any descriptor; 0 is the end. The corresponding C function is `ipc_read`.
  static func read(_ descriptor: FileDescriptor, into buffer: inout MutableSpan<UInt8>) throws(Failure) -> Int?
  /// Writes all the bytes to any descriptor, waiting where it must. The corresponding C function is `ipc_write`.
  static func write(_ descriptor: FileDescriptor, _ bytes: Span<UInt8>) throws(Failure)
  /// Waits until the descriptor is ready for one of the events, or has failed or ended. Throws ECANCELED when `stop` is
  /// readable, ETIMEDOUT after the timeout. The corresponding C function is `ipc_wait`.
  static func wait(
    _ descriptor: FileDescriptor, for events: Readiness, stop: FileDescriptor?, timeout: Duration?
  ) throws(Failure) -> Readiness
  /// Half-close. The corresponding C function is `ipc_half_close`.
  static func halfClose(_ socket: borrowing Descriptor) throws(Failure)
  /// Closes, and tells of an error. The corresponding C function is `ipc_close`.
  static func close(_ descriptor: consuming Descriptor) throws(Failure)

  // MARK: The server

  /// Gives the socket its endpoint. The corresponding C function is `ipc_bind`.
  static func bind(_ socket: borrowing Descriptor, to endpoint: Endpoint) throws(Failure)
  /// Starts listening. The corresponding C function is `ipc_listen`.
  static func listen(_ socket: borrowing Descriptor, backlog: Int) throws(Failure)
  /// Accepts a client that waits. The corresponding C function is `ipc_accept`.
  static func accept(_ listener: borrowing Descriptor) throws(Failure) -> Connection?
  /// Listens on the first candidate that allows it. The corresponding C function is `ipc_server_open`.
  static func openServer(_ candidates: [Endpoint], backlog: Int, observer: Observer?) throws(Failure) -> Server
  /// Takes over a socket that already listens. The corresponding C function is `ipc_server_adopt`.
  static func adoptServer(_ descriptor: consuming Descriptor) throws(Failure) -> Server
  /// Serves one client, or all that come, on one thread, until it is stopped. The corresponding C function is `ipc_serve`.
  static func serve(
    _ server: borrowing Server, _ service: Service, _ serving: ServeOptions, observer: Observer?
  ) throws(Failure)
  /// Stops listening, and removes the socket file. The corresponding C function is `ipc_server_close`.
  static func close(_ server: consuming Server) throws(Failure)

  // MARK: The client

  /// Connects within the time. The corresponding C function is `ipc_connect`.
  static func connect(_ socket: borrowing Descriptor, to endpoint: Endpoint, timeout: Duration?) throws(Failure)
  /// Connects to the first candidate that answers. The corresponding C function is `ipc_client_open`.
  static func openClient(
    _ candidates: [Endpoint], timeout: Duration?, observer: Observer?
  ) throws(Failure) -> Connection
  /// Copies both ways between the connection and two descriptors, until the server's end. The corresponding C function is
  /// `ipc_relay`.
  static func relay(
    _ connection: borrowing Connection, input: FileDescriptor, output: FileDescriptor, observer: Observer?
  ) throws(Failure)

  // MARK: Services

  /// One turn of a service, a pure function. `output` holds at least `Limit.line` bytes. The corresponding C function is
  /// `ipc_service_step`.
  static func step(
    _ service: Service, position: UInt64, input: Span<UInt8>, ended: Bool, output: inout MutableSpan<UInt8>
  ) -> ServiceResult

  // MARK: Text

  /// Makes bytes fit to be shown, in vis(3)'s form. The corresponding C function is `ipc_vis`.
  static func vis(_ bytes: Span<UInt8>) -> [UInt8]
  /// What the message service prints. The corresponding C function is `ipc_message_text`.
  static func messageText(_ message: Span<UInt8>) -> [UInt8]

  // MARK: Signals

  /// From now on a write to a closed pipe is EPIPE, and one beyond the limit of a file's size EFBIG. The corresponding C
  /// function is `ipc_ignore_write_signals`.
  static func ignoreWriteSignals() throws(Failure)
  /// From now on SIGINT and SIGTERM, unless ignored, make this descriptor readable. The corresponding C function is
  /// `ipc_stop_signals`.
  static func stopSignals() throws(Failure) -> Descriptor
  /// The same for SIGUSR1: a notice for `serve`. The corresponding C function is `ipc_status_signals`.
  static func statusSignals() throws(Failure) -> Descriptor
  /// Tells a supervisor of the server's state, such as `READY=1`. The corresponding C function is `ipc_notify`.
  static func notify(_ path: [UInt8], _ state: [UInt8]) throws(Failure)

  // MARK: Links

  /// Makes a link's names, and holds them. The corresponding C function is `ipc_link_listen`.
  static func listen(at endpoint: Endpoint, _ sizes: LinkSizes, observer: Observer?) throws(Failure) -> Link
  /// Waits for a client. Throws ECANCELED when `other` is readable, ETIMEDOUT after the timeout. The corresponding C
  /// function is `ipc_link_accept`.
  static func accept(_ link: borrowing Link, extra: FileDescriptor?, timeout: Duration?) throws(Failure)
  /// Waits for the turn and for the server; a turn that is another's is EBUSY where it does not wait. The corresponding C
  /// function is `ipc_link_connect`.
  static func connect(
    to endpoint: Endpoint, waits: Bool, timeout: Duration?, observer: Observer?
  ) throws(Failure) -> Link
  /// Receives at most the buffer's bytes; 0 is the other end's end. The corresponding C function is `ipc_link_receive`.
  static func receive(_ link: borrowing Link, into buffer: inout MutableSpan<UInt8>) throws(Failure) -> Int?
  /// Sends some of the bytes, at least one. The corresponding C function is `ipc_link_send`.
  static func send(_ link: borrowing Link, _ bytes: Span<UInt8>) throws(Failure) -> Int?
  /// Waits until the link is ready for one of the events, or its other end is gone, or `other` is readable. The
  /// corresponding C function is `ipc_link_wait`.
  static func wait(
    _ link: borrowing Link, for events: Readiness, extra: FileDescriptor?, timeout: Duration?
  ) throws(Failure) -> Readiness
  /// Half-close; false where it would wait. The corresponding C function is `ipc_link_half_close`.
  static func halfClose(_ link: borrowing Link) throws(Failure) -> Bool
  /// Ends a conversation. The corresponding C function is `ipc_link_disconnect`.
  static func disconnect(_ link: borrowing Link) throws(Failure)
  /// Serves one client, or all that come, one after the other. The corresponding C function is `ipc_link_serve`.
  static func serve(
    _ link: borrowing Link, _ service: Service, _ serving: ServeOptions, observer: Observer?
  ) throws(Failure)
  /// Copies both ways between the link and two descriptors. The corresponding C function is `ipc_link_relay`.
  static func relay(
    _ link: borrowing Link, input: FileDescriptor, output: FileDescriptor, observer: Observer?
  ) throws(Failure)
  /// Leaves, and removes a server's names. The corresponding C function is `ipc_link_close`.
  static func close(_ link: consuming Link) throws(Failure)

  // MARK: Rings

  /// Bytes of memory for two rings of that capacity. The corresponding C function is `ipc_ring_size`.
  static func ringSize(capacity: Int) throws(Failure) -> Int
  /// Makes empty rings, whatever stands there; nobody may be at them. The corresponding C function is `ipc_ring_prepare`.
  static func prepareRing(_ memory: SharedMemory, capacity: Int) throws(Failure)
  /// Takes a side. Throws EPROTO where there are no rings that can be. The corresponding C function is `ipc_ring_open`.
  static func openRing(_ memory: SharedMemory, as side: Ring.Side) throws(Failure) -> Ring
  /// Receives at most the buffer's bytes; 0 is the other side's end. Throws EPROTO where what the other side wrote can't
  /// be. The corresponding C function is `ipc_ring_receive`.
  static func receive(_ ring: inout Ring, into buffer: inout MutableSpan<UInt8>) throws(Failure) -> Int?
  /// Sends some of the bytes, at least one. Throws EPIPE where the other side has closed, and EPROTO. The corresponding C
  /// function is `ipc_ring_send`.
  static func send(_ ring: inout Ring, _ bytes: Span<UInt8>) throws(Failure) -> Int?
  /// Waits for one of the events; those that have come, or none where it was woken for none of them. Throws ETIMEDOUT.
  /// The corresponding C function is `ipc_ring_wait`.
  static func wait(_ ring: inout Ring, for events: Readiness, timeout: Duration?) throws(Failure) -> Readiness
  /// Lets a wait for these events return that another thread of this side is in, or that comes next. The corresponding C
  /// function is `ipc_ring_wake`.
  static func wake(_ ring: borrowing Ring, for events: Readiness) throws(Failure)
  /// Half-close. The corresponding C function is `ipc_ring_half_close`.
  static func halfClose(_ ring: inout Ring) throws(Failure)
  /// Finishes, and takes no more. The memory stays. The corresponding C function is `ipc_ring_close`.
  static func close(_ ring: consuming Ring) throws(Failure)
}
