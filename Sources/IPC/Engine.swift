public import SystemPackage

/// The contract of `include/ipc.h` in Swift: one requirement for each function, in the header's order. Two engines
/// conform: `CEngine`, which calls the C functions, and `SwiftEngine`, which is their port.
///
/// A call that would block returns nil, and `wait` waits. Any other failure is thrown, with the step that failed. A
/// function borrows a descriptor unless it consumes it.
public protocol Engine: SendableMetatype {
  /// The engine's name in reports: `c`, `swift`.
  static var name: String { get }

  /// Describes a cause in English. The corresponding C function is `ipc_error_text`.
  static func text(of cause: Cause) -> String

  // MARK: Endpoints

  /// Parses an endpoint's text. The corresponding C function is `ipc_endpoint_parse`.
  /// - Throws: A `SyntaxError` as the cause.
  static func parse(_ text: [UInt8]) throws(Failure) -> Endpoint
  /// Makes a TCP endpoint from the texts of a host and a port. The corresponding C function is `ipc_endpoint_tcp`.
  /// - Parameter host: A name or an address. An IPv6 address may be in brackets.
  /// - Throws: A `SyntaxError` as the cause.
  static func tcp(host: [UInt8], port: [UInt8]) throws(Failure) -> Endpoint
  /// Writes the text that `parse` reads. The corresponding C function is `ipc_endpoint_format`.
  static func format(_ endpoint: Endpoint) -> [UInt8]
  /// Resolves a host name. The corresponding C function is `ipc_endpoint_resolve`.
  /// - Returns: Endpoints with addresses in the order to try them, at most `Limit.candidates`; IPv6 and IPv4 alternate.
  ///   Any endpoint without a host name resolves to itself.
  static func resolve(_ endpoint: Endpoint) throws(Failure) -> [Endpoint]
  /// Gets the endpoint of a socket. The corresponding C function is `ipc_endpoint_local`.
  static func local(_ socket: borrowing Descriptor) throws(Failure) -> Endpoint
  /// Gets the endpoint of a socket's peer. The corresponding C function is `ipc_endpoint_peer`.
  /// - Returns: The peer's endpoint, or the socket's own if the peer has none, as most Unix clients.
  static func peer(_ socket: borrowing Descriptor) throws(Failure) -> Endpoint

  // MARK: Streams

  /// Creates a stream socket for an endpoint. The corresponding C function is `ipc_create`.
  static func create(for endpoint: Endpoint) throws(Failure) -> Descriptor
  /// Receives at most as many bytes as the buffer holds. The corresponding C function is `ipc_receive`.
  /// - Returns: The number of bytes, 0 at the end of the stream, or nil if nothing has arrived.
  static func receive(_ socket: borrowing Descriptor, into buffer: inout MutableSpan<UInt8>) throws(Failure) -> Int?
  /// Sends at least one of the bytes. The corresponding C function is `ipc_send`.
  /// - Parameter more: More bytes or a half-close follow at once, and may share a segment with these bytes.
  /// - Returns: The number of bytes that were sent, or nil if there is no room.
  static func send(_ socket: borrowing Descriptor, _ bytes: Span<UInt8>, more: Bool) throws(Failure) -> Int?
  /// Reads at most as many bytes as the buffer holds, from any descriptor. The corresponding C function is `ipc_read`.
  /// - Returns: The number of bytes, 0 at the end, or nil if nothing is there to read.
  static func read(_ descriptor: FileDescriptor, into buffer: inout MutableSpan<UInt8>) throws(Failure) -> Int?
  /// Writes all the bytes to any descriptor, and waits if it must. The corresponding C function is `ipc_write`.
  static func write(_ descriptor: FileDescriptor, _ bytes: Span<UInt8>) throws(Failure)
  /// Opens the pipe or terminal behind a descriptor again, non-blocking, for `writeSome`. The corresponding C function
  /// is `ipc_open_writer`.
  /// - Returns: A descriptor of its own; a duplicate for any other kind, or if the file can't be opened again.
  static func openWriter(_ descriptor: FileDescriptor) throws(Failure) -> Descriptor
  /// Writes at least one of the bytes without waiting, even if the descriptor is a blocking one of a pipe or a socket.
  /// The corresponding C function is `ipc_write_some`.
  /// - Returns: The number of bytes, or nil if there is no room.
  static func writeSome(_ descriptor: FileDescriptor, _ bytes: Span<UInt8>) throws(Failure) -> Int?
  /// Waits until the descriptor is ready for one of the events. The corresponding C function is `ipc_wait`.
  /// - Parameter stop: A descriptor that cancels the wait once it is readable.
  /// - Returns: The events for which it is ready: all of them if it has failed or reached its end.
  /// - Throws: ECANCELED because of `stop`, ETIMEDOUT after the timeout.
  static func wait(
    _ descriptor: FileDescriptor, for events: Readiness, stop: FileDescriptor?, timeout: Duration?
  ) throws(Failure) -> Readiness
  /// Ends the sending direction of a socket. The corresponding C function is `ipc_half_close`.
  static func halfClose(_ socket: borrowing Descriptor) throws(Failure)
  /// Closes a descriptor, and reports an error. The corresponding C function is `ipc_close`.
  static func close(_ descriptor: consuming Descriptor) throws(Failure)

  // MARK: The server

  /// Binds a socket to an endpoint with an address. The corresponding C function is `ipc_bind`.
  static func bind(_ socket: borrowing Descriptor, to endpoint: Endpoint) throws(Failure)
  /// Starts to listen. The corresponding C function is `ipc_listen`.
  static func listen(_ socket: borrowing Descriptor, backlog: Int) throws(Failure)
  /// Accepts a client. The corresponding C function is `ipc_accept`.
  /// - Returns: The connection, or nil if no client waits.
  static func accept(_ listener: borrowing Descriptor) throws(Failure) -> Connection?
  /// Creates, binds and listens, at the first candidate where it succeeds. The corresponding C function is
  /// `ipc_server_open`.
  /// - Throws: EINVAL for a mode without 0600 or beyond 0777; EPERM for a group that is not one of this user.
  static func openServer(
    _ candidates: [Endpoint], _ options: ListenOptions, observer: Observer?
  ) throws(Failure) -> Server
  /// Adopts a socket on which a supervisor listens, or that is connected to a client, and sets its keepalive. The
  /// corresponding C function is `ipc_server_adopt`.
  /// - Throws: ESOCKTNOSUPPORT if it is not a stream socket, EINVAL if it neither listens nor is connected.
  static func adoptServer(_ descriptor: consuming Descriptor, _ options: ListenOptions) throws(Failure) -> Server
  /// Serves one client, or all clients until a stop request. A server with several listeners serves the clients of all
  /// of them within the same limits, and accepts from each in turn. While the server drains, it refuses new clients, and
  /// another server can listen at its endpoint. A server whose socket is connected serves that client, in one thread, and
  /// ends; `close` then closes the connection. The corresponding C function is `ipc_serve`.
  /// - Throws: EINVAL of `.listen` if there are more than `Limit.listeners` listeners, EISCONN if one of several is
  ///   connected.
  static func serve(
    _ server: borrowing Server, _ service: Service, _ options: ServeOptions, observer: Observer?
  ) throws(Failure)
  /// Stops listening, and removes the socket file; also of each `next` listener. The corresponding C function is
  /// `ipc_server_close`.
  static func close(_ server: consuming Server) throws(Failure)

  // MARK: The client

  /// Connects a socket to an endpoint with an address. The corresponding C function is `ipc_connect`.
  /// - Throws: ETIMEDOUT after the timeout; ECONNREFUSED if no server listens, even if the kernel has connected the
  ///   socket to itself; ECONNRESET if the server has already reset the connection; EDESTADDRREQ for the host `*`.
  static func connect(_ socket: borrowing Descriptor, to endpoint: Endpoint, timeout: Duration?) throws(Failure)
  /// Connects to the first candidate that accepts; candidates that do not answer are tried side by side. The
  /// corresponding C function is `ipc_client_open`.
  /// - Parameter observer: Receives the failure of each candidate that was tried.
  /// - Throws: The last failure; EAFNOSUPPORT for a candidate of another transport or IP version than the source.
  static func openClient(
    _ candidates: [Endpoint], _ options: ConnectOptions, observer: Observer?
  ) throws(Failure) -> Connection
  /// Copies both ways between the connection and two descriptors, until the end of the server's stream. The
  /// corresponding C function is `ipc_relay`.
  /// - Throws: A reset only after all received data was written. ETIMEDOUT of `.wait` after the idle time. EPIPE or
  ///   ECONNRESET of `.send` if it must send all of the input, and the server receives no more.
  static func relay(
    _ connection: borrowing Connection, input: FileDescriptor, output: FileDescriptor, options: RelayOptions,
    observer: Observer?
  ) throws(Failure)

  // MARK: Services

  /// Computes the next step of a service. The corresponding C function is `ipc_service_step`.
  /// - Parameters:
  ///   - position: The bytes of reply that were sent so far.
  ///   - input: What has arrived and was not consumed.
  ///   - ended: The client's stream has ended.
  ///   - output: Room for the reply: at least `Limit.line` bytes.
  static func step(
    _ service: Service, position: UInt64, input: Span<UInt8>, ended: Bool, output: inout MutableSpan<UInt8>
  ) -> ServiceResult

  // MARK: Text

  /// Encodes bytes for a terminal, in vis(3)'s form. The corresponding C function is `ipc_vis`.
  static func vis(_ bytes: Span<UInt8>) -> [UInt8]
  /// Returns what the message service prints. The corresponding C function is `ipc_message_text`.
  static func messageText(_ message: Span<UInt8>) -> [UInt8]

  // MARK: Signals and the supervisor

  /// Lets a write to a closed pipe fail with EPIPE, and one beyond the file size limit with EFBIG, instead of raising a
  /// signal. The corresponding C function is `ipc_ignore_write_signals`.
  static func ignoreWriteSignals() throws(Failure)
  /// Makes SIGINT, SIGTERM and SIGHUP stop requests, unless ignored. The corresponding C function is
  /// `ipc_stop_signals`.
  /// - Returns: A descriptor that is readable after a signal.
  static func stopSignals() throws(Failure) -> Descriptor
  /// Makes SIGUSR1 a status request. The corresponding C function is `ipc_status_signals`.
  /// - Returns: A descriptor that is readable after a signal.
  static func statusSignals() throws(Failure) -> Descriptor
  /// Sends the server's state to its supervisor. The corresponding C function is `ipc_notify`.
  /// - Parameters:
  ///   - path: The value of NOTIFY_SOCKET; an abstract name starts with `@`.
  ///   - state: Such as `READY=1`.
  static func notify(_ path: [UInt8], _ state: [UInt8]) throws(Failure)

  // MARK: Links

  /// Creates a link's files or objects, and owns its name. The corresponding C function is `ipc_link_listen`.
  /// - Throws: A `LocalError` as the cause; EADDRINUSE if a process owns the name, which `Failure.holder` identifies.
  static func listen(at endpoint: Endpoint, _ sizes: LinkSizes, observer: Observer?) throws(Failure) -> Link
  /// Waits for a client. The corresponding C function is `ipc_link_accept`.
  /// - Parameter extra: A descriptor that cancels the wait once it is readable.
  /// - Throws: ECANCELED because of `extra`, ETIMEDOUT after the timeout.
  static func accept(_ link: borrowing Link, extra: FileDescriptor?, timeout: Duration?) throws(Failure)
  /// Waits until this client may connect, then connects. The corresponding C function is `ipc_link_connect`.
  /// - Parameter waits: If false, another client that is connected or waits is EBUSY.
  /// - Throws: A `LocalError` as the cause; ECONNREFUSED without a server that accepts clients; EBUSY; ETIMEDOUT after
  ///   the timeout.
  static func connect(
    to endpoint: Endpoint, waits: Bool, timeout: Duration?, observer: Observer?
  ) throws(Failure) -> Link
  /// Receives at most as many bytes as the buffer holds. The corresponding C function is `ipc_link_receive`.
  /// - Returns: The number of bytes, 0 at the end of the peer's stream, or nil if nothing has arrived.
  /// - Throws: EOWNERDEAD if the peer died, EBADMSG for an invalid message, ECONNRESET if the peer
  ///   failed or bytes were lost.
  static func receive(_ link: borrowing Link, into buffer: inout MutableSpan<UInt8>) throws(Failure) -> Int?
  /// Sends at least one of the bytes. The corresponding C function is `ipc_link_send`.
  /// - Returns: The number of bytes that were sent, or nil if there is no room.
  /// - Throws: EPIPE if the peer has left, EOWNERDEAD if it died.
  static func send(_ link: borrowing Link, _ bytes: Span<UInt8>) throws(Failure) -> Int?
  /// Waits until the link is ready for one of the events. The corresponding C function is `ipc_link_wait`.
  /// - Parameter extra: Another descriptor to wait for.
  /// - Returns: The events: all of them if the peer is gone; `.extra` if `extra` is readable.
  static func wait(
    _ link: borrowing Link, for events: Readiness, extra: FileDescriptor?, timeout: Duration?
  ) throws(Failure) -> Readiness
  /// Ends the sending direction of a link. The corresponding C function is `ipc_link_half_close`.
  /// - Returns: False if it would block.
  static func halfClose(_ link: borrowing Link) throws(Failure) -> Bool
  /// Ends the conversation with the peer. The corresponding C function is `ipc_link_disconnect`.
  static func disconnect(_ link: borrowing Link) throws(Failure)
  /// Ends the conversation because this end has failed: the peer's receive throws ECONNRESET after all that was sent.
  /// The corresponding C function is `ipc_link_reset`.
  static func reset(_ link: borrowing Link) throws(Failure)
  /// Serves one client, or all clients one after the other. The corresponding C function is `ipc_link_serve`.
  static func serve(
    _ link: borrowing Link, _ service: Service, _ options: ServeOptions, observer: Observer?
  ) throws(Failure)
  /// Copies both ways between the link and two descriptors. The corresponding C function is `ipc_link_relay`.
  static func relay(
    _ link: borrowing Link, input: FileDescriptor, output: FileDescriptor, options: RelayOptions, observer: Observer?
  ) throws(Failure)
  /// Closes a link; a server also removes its files or objects. The corresponding C function is `ipc_link_close`.
  static func close(_ link: consuming Link) throws(Failure)

  // MARK: Rings

  /// Returns the bytes of memory that two rings need. The corresponding C function is `ipc_ring_size`.
  static func ringSize(capacity: Int) throws(Failure) -> Int
  /// Initializes two empty rings in memory that no process uses. The corresponding C function is `ipc_ring_prepare`.
  static func prepareRing(_ memory: SharedMemory, capacity: Int) throws(Failure)
  /// Opens one side of the rings. The corresponding C function is `ipc_ring_open`.
  /// - Throws: EPROTO if there are no rings, or if their counters are invalid.
  static func openRing(_ memory: SharedMemory, as side: Ring.Side) throws(Failure) -> Ring
  /// Receives at most as many bytes as the buffer holds. The corresponding C function is `ipc_ring_receive`.
  /// - Returns: The number of bytes, 0 at the end of the peer's stream, or nil if nothing has arrived.
  /// - Throws: ECONNRESET if the peer failed, EPROTO if it wrote invalid counters.
  static func receive(_ ring: inout Ring, into buffer: inout MutableSpan<UInt8>) throws(Failure) -> Int?
  /// Sends at least one of the bytes. The corresponding C function is `ipc_ring_send`.
  /// - Returns: The number of bytes that were sent, or nil if the ring is full.
  /// - Throws: EPIPE if the peer has closed or this side has half-closed; EPROTO.
  static func send(_ ring: inout Ring, _ bytes: Span<UInt8>) throws(Failure) -> Int?
  /// Waits for one of the events, and sleeps at most once. The corresponding C function is `ipc_ring_wait`.
  /// - Returns: The events that have occurred; none after a wake-up for another reason.
  /// - Throws: ETIMEDOUT after the timeout.
  static func wait(_ ring: inout Ring, for events: Readiness, timeout: Duration?) throws(Failure) -> Readiness
  /// Wakes a thread of this side that waits, now or next. The corresponding C function is `ipc_ring_wake`.
  static func wake(_ ring: borrowing Ring, for events: Readiness) throws(Failure)
  /// Ends the sending direction of a ring. The corresponding C function is `ipc_ring_half_close`.
  static func halfClose(_ ring: inout Ring) throws(Failure)
  /// Ends both directions; the memory stays mapped. The corresponding C function is `ipc_ring_close`.
  static func close(_ ring: consuming Ring) throws(Failure)
}
