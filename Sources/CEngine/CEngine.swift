internal import CIPC
public import IPC
public import SystemPackage

/// The C engine: each requirement is one call of the contract.
public enum CEngine: Engine {
  public static let name = "c"

  /// `&-`, as the least errno that can be made up has no negative.
  public static func text(of cause: Cause) -> String { ipc_error_text(0 &- cause.code) }

  /// The one place that turns the contract's result into a value or a failure.
  @discardableResult
  static func check<Result: FixedWidthInteger & SignedInteger>(
    _ step: Step, _ result: Result
  ) throws(Failure) -> Result {
    guard result < 0 else { return result }
    throw Failure(step, Cause(code: CInt(-result)))
  }

  /// As `check`, but what would wait is `nil`.
  static func ready<Result: FixedWidthInteger & SignedInteger>(
    _ step: Step, _ result: Result
  ) throws(Failure) -> Result? {
    result == Result(-Errno.resourceTemporarilyUnavailable.rawValue) ? nil : try check(step, result)
  }

  /// The failure stands second: arguments are evaluated in order, and the call writes it.
  private static func check(_ result: CInt, _ failure: ipc_failure) throws(Failure) {
    if result < 0 { throw Failure(failure, error: result) }
  }
}

// MARK: Endpoints

extension CEngine {
  public static func parse(_ text: [UInt8]) throws(Failure) -> Endpoint {
    var c = ipc_endpoint()
    try check(.resolve, ipc_endpoint_parse(text, &c))
    return Endpoint(c)
  }

  public static func tcp(host: [UInt8], port: [UInt8]) throws(Failure) -> Endpoint {
    var c = ipc_endpoint()
    try check(.resolve, ipc_endpoint_tcp(host, port, &c))
    return Endpoint(c)
  }

  public static func format(_ endpoint: Endpoint) -> [UInt8] { ipc_endpoint_format(endpoint.c) }

  public static func resolve(_ endpoint: Endpoint) throws(Failure) -> [Endpoint] {
    var candidates = [ipc_endpoint](repeating: ipc_endpoint(), count: Limit.candidates)
    let result = ipc_endpoint_resolve(endpoint.c, &candidates)
    if result < 0 { throw Failure(.resolve, Cause(code: -result), at: endpoint) }
    return candidates.prefix(Int(result)).map(Endpoint.init)
  }

  public static func local(_ socket: borrowing Descriptor) throws(Failure) -> Endpoint {
    var c = ipc_endpoint()
    try check(.resolve, ipc_endpoint_local(socket.number, &c))
    return Endpoint(c)
  }

  public static func peer(_ socket: borrowing Descriptor) throws(Failure) -> Endpoint {
    var c = ipc_endpoint()
    try check(.resolve, ipc_endpoint_peer(socket.number, &c))
    return Endpoint(c)
  }
}

// MARK: Streams

extension CEngine {
  public static func create(for endpoint: Endpoint) throws(Failure) -> Descriptor {
    Descriptor(owning: try check(.create, ipc_create(endpoint.c)))
  }

  public static func receive(_ socket: borrowing Descriptor, into buffer: inout MutableSpan<UInt8>) throws(Failure)
    -> Int?
  {
    try ready(.receive, ipc_receive(socket.number, &buffer))
  }

  public static func send(_ socket: borrowing Descriptor, _ bytes: Span<UInt8>, more: Bool) throws(Failure) -> Int? {
    try ready(.send, ipc_send(socket.number, bytes, more))
  }

  public static func read(_ descriptor: FileDescriptor, into buffer: inout MutableSpan<UInt8>) throws(Failure) -> Int? {
    try ready(.input, ipc_read(descriptor.rawValue, &buffer))
  }

  public static func write(_ descriptor: FileDescriptor, _ bytes: Span<UInt8>) throws(Failure) {
    try check(.output, ipc_write(descriptor.rawValue, bytes))
  }

  public static func wait(
    _ descriptor: FileDescriptor, for events: Readiness, stop: FileDescriptor?, timeout: Duration?
  ) throws(Failure) -> Readiness {
    let stop = stop?.rawValue ?? -1
    let timeout = timeout?.milliseconds ?? -1
    return Readiness(rawValue: try check(.wait, ipc_wait(descriptor.rawValue, events.rawValue, stop, timeout)))
  }

  public static func halfClose(_ socket: borrowing Descriptor) throws(Failure) {
    try check(.halfClose, ipc_half_close(socket.number))
  }

  public static func close(_ descriptor: consuming Descriptor) throws(Failure) {
    try check(.close, ipc_close(descriptor.release()))
  }
}

// MARK: The server

extension CEngine {
  public static func bind(_ socket: borrowing Descriptor, to endpoint: Endpoint) throws(Failure) {
    try check(.bind, ipc_bind(socket.number, endpoint.c))
  }

  public static func listen(_ socket: borrowing Descriptor, backlog: Int) throws(Failure) {
    try check(.listen, ipc_listen(socket.number, CInt(clamping: backlog)))
  }

  public static func accept(_ listener: borrowing Descriptor) throws(Failure) -> Connection? {
    var peer = ipc_endpoint()
    guard let number = try ready(.accept, ipc_accept(listener.number, &peer)) else { return nil }
    return Connection(Descriptor(owning: number), to: Endpoint(peer))
  }

  public static func openServer(
    _ candidates: [Endpoint], backlog: Int, observer: Observer?
  ) throws(Failure) -> Server {
    var (c, failure) = (ipc_server(), ipc_failure())
    let backlog = CInt(clamping: backlog)
    try check(ipc_server_open(candidates.map(\.c), backlog, observer, &c, &failure), failure)
    return Server(
      Descriptor(owning: c.descriptor), at: Endpoint(c.endpoint), backlog: Int(c.backlog),
      file: c.has_file ? Server.File(device: c.device, inode: c.inode) : nil)
  }

  public static func adoptServer(_ descriptor: consuming Descriptor) throws(Failure) -> Server {
    var c = ipc_server()
    try check(.listen, ipc_server_adopt(descriptor.number, &c))
    return Server(descriptor, at: Endpoint(c.endpoint), backlog: Int(c.backlog), isLent: true, file: nil)
  }

  public static func serve(
    _ server: borrowing Server, _ service: Service, _ serving: ServeOptions, observer: Observer?
  ) throws(Failure) {
    var failure = ipc_failure()
    try check(ipc_serve(server.c, service, serving.c, observer, &failure), failure)
  }

  public static func close(_ server: consuming Server) throws(Failure) {
    let c = server.c
    _ = server.release().release()
    try check(.close, ipc_server_close(c))
  }
}

// MARK: The client

extension CEngine {
  public static func connect(
    _ socket: borrowing Descriptor, to endpoint: Endpoint, timeout: Duration?
  ) throws(Failure) {
    try check(.connect, ipc_connect(socket.number, endpoint.c, timeout?.milliseconds ?? -1))
  }

  public static func openClient(
    _ candidates: [Endpoint], timeout: Duration?, observer: Observer?
  ) throws(Failure) -> Connection {
    var (c, failure) = (ipc_connection(), ipc_failure())
    let timeout = timeout?.milliseconds ?? -1
    try check(ipc_client_open(candidates.map(\.c), timeout, observer, &c, &failure), failure)
    return Connection(Descriptor(owning: c.descriptor), to: Endpoint(c.endpoint), wasReset: c.error < 0)
  }

  public static func relay(
    _ connection: borrowing Connection, input: FileDescriptor, output: FileDescriptor, observer: Observer?
  ) throws(Failure) {
    var failure = ipc_failure()
    let c = ipc_connection(
      descriptor: connection.descriptor.number, error: connection.wasReset ? -Errno.connectionReset.rawValue : 0,
      endpoint: connection.endpoint.c)
    try check(ipc_relay(c, input.rawValue, output.rawValue, observer, &failure), failure)
  }
}

// MARK: Links

extension CEngine {
  public static func listen(at endpoint: Endpoint, _ sizes: LinkSizes, observer: Observer?) throws(Failure)
    -> Link
  {
    let sizes = ipc_link_sizes(
      message: UInt32(clamping: sizes.message), depth: UInt32(clamping: sizes.depth),
      ring: UInt32(clamping: sizes.ring))
    var (link, failure) = (CLink?.none, ipc_failure())
    try check(ipc_link_listen(endpoint.c, sizes, observer, &link, &failure), failure)
    return Link(link!, at: endpoint, number: link!.descriptor)
  }

  public static func accept(
    _ link: borrowing Link, extra: FileDescriptor?, timeout: Duration?
  ) throws(Failure) {
    try check(.accept, ipc_link_accept(link.c, extra?.rawValue ?? -1, timeout?.milliseconds ?? -1))
  }

  public static func connect(
    to endpoint: Endpoint, waits: Bool, timeout: Duration?, observer: Observer?
  ) throws(Failure) -> Link {
    let (busy, timeout) = (waits ? ipc_link_busy.IPC_LINK_BUSY_WAIT : .IPC_LINK_BUSY_FAIL, timeout?.milliseconds ?? -1)
    var (link, failure) = (CLink?.none, ipc_failure())
    try check(ipc_link_connect(endpoint.c, busy, timeout, observer, &link, &failure), failure)
    return Link(link!, at: endpoint, number: link!.descriptor)
  }

  public static func receive(
    _ link: borrowing Link, into buffer: inout MutableSpan<UInt8>
  ) throws(Failure) -> Int? {
    try ready(.receive, ipc_link_receive(link.c, &buffer))
  }

  public static func send(_ link: borrowing Link, _ bytes: Span<UInt8>) throws(Failure) -> Int? {
    try ready(.send, ipc_link_send(link.c, bytes))
  }

  public static func wait(
    _ link: borrowing Link, for events: Readiness, extra: FileDescriptor?, timeout: Duration?
  ) throws(Failure) -> Readiness {
    let (extra, timeout) = (extra?.rawValue ?? -1, timeout?.milliseconds ?? -1)
    return Readiness(rawValue: try check(.wait, ipc_link_wait(link.c, events.rawValue, extra, timeout)))
  }

  public static func halfClose(_ link: borrowing Link) throws(Failure) -> Bool {
    try ready(.halfClose, ipc_link_half_close(link.c)) != nil
  }

  public static func disconnect(_ link: borrowing Link) throws(Failure) {
    try check(.close, ipc_link_disconnect(link.c))
  }

  public static func serve(
    _ link: borrowing Link, _ service: Service, _ serving: ServeOptions, observer: Observer?
  ) throws(Failure) {
    var failure = ipc_failure()
    try check(ipc_link_serve(link.c, service, serving.c, observer, &failure), failure)
  }

  public static func relay(
    _ link: borrowing Link, input: FileDescriptor, output: FileDescriptor, observer: Observer?
  ) throws(Failure) {
    var failure = ipc_failure()
    try check(ipc_link_relay(link.c, input.rawValue, output.rawValue, observer, &failure), failure)
  }

  public static func close(_ link: consuming Link) throws(Failure) {
    try check(.close, ipc_link_close(link.c))
  }
}

// MARK: Services, text, signals

extension CEngine {
  public static func step(
    _ service: Service, position: UInt64, input: Span<UInt8>, ended: Bool, output: inout MutableSpan<UInt8>
  ) -> ServiceResult {
    var c = ipc_service_result()
    ipc_service_step(service, position, input, ended, &output, &c)
    return ServiceResult(c)
  }

  public static func vis(_ bytes: Span<UInt8>) -> [UInt8] { ipc_vis(bytes) }

  public static func messageText(_ message: Span<UInt8>) -> [UInt8] { ipc_message_text(message) }

  public static func ignoreWriteSignals() throws(Failure) { try check(.output, ipc_ignore_write_signals()) }

  public static func stopSignals() throws(Failure) -> Descriptor {
    Descriptor(owning: try check(.wait, ipc_stop_signals()))
  }

  public static func statusSignals() throws(Failure) -> Descriptor {
    Descriptor(owning: try check(.wait, ipc_status_signals()))
  }

  public static func notify(_ path: [UInt8], _ state: [UInt8]) throws(Failure) {
    try check(.send, ipc_notify(path, state))
  }
}

// MARK: Values

extension Server {
  fileprivate var c: ipc_server {
    ipc_server(
      descriptor: descriptor.number, backlog: CInt(clamping: backlog), endpoint: endpoint.c, lent: isLent,
      has_file: file != nil, device: file?.device ?? 0, inode: file?.inode ?? 0)
  }
}

extension ServeOptions {
  fileprivate var c: ipc_serve_options {
    ipc_serve_options(
      keep_open: keepOpen, stop: stop?.rawValue ?? -1, drain_ms: drain.milliseconds,
      workers: CInt(clamping: workers), status_request: statusRequest?.rawValue ?? -1, output: output.rawValue,
      limits: ipc_client_limits(
        clients: CInt(clamping: limits.clients ?? 0),
        clients_per_address: CInt(clamping: limits.clientsPerAddress ?? 0),
        idle_ms: limits.idle?.milliseconds ?? 0, bytes: limits.bytes ?? 0))
  }
}

extension ServiceResult {
  fileprivate init(_ c: ipc_service_result) {
    self.init(consumed: c.consumed, next: ServiceResult.Next(rawValue: Int32(c.next.rawValue))!)
    produced = c.produced
    (echoes, prints, cut) = (c.echoes, c.prints, c.cut)
  }
}
