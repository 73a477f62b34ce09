// The bridge to C, and with Bridge+Links.swift the only unsafe code of this module: the contract's values in both languages, and each C function
// that takes a pointer again under its own name with Swift's types. What is `unsafe` here is sound for one reason
// throughout: C borrows what a pointer shows for the length of the call, within the count beside it, and keeps none of it.
internal import CIPC
internal import IPC

extension Span<UInt8> {
  /// C wants a pointer even where there are no bytes; it does not follow it then.
  @safe func withPointer<R>(_ body: (UnsafePointer<CChar>, Int) -> R) -> R {
    unsafe withUnsafeBytes { bytes in
      let pointer = unsafe bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
      return unsafe body(pointer.assumingMemoryBound(to: CChar.self), bytes.count)
    }
  }
}

extension MutableSpan<UInt8> {
  @safe mutating func withPointer<R>(_ body: (UnsafeMutableRawPointer, Int) -> R) -> R {
    unsafe withUnsafeMutableBytes { bytes in
      unsafe body(bytes.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 1)!, bytes.count)
    }
  }
}

extension Array<UInt8> {
  /// As much of `capacity` bytes as C says that it has written.
  @safe fileprivate init(capacity: Int, written: (UnsafeMutablePointer<CChar>, Int) -> Int) {
    self = unsafe Array(unsafeUninitializedCapacity: capacity) { buffer, count in
      let text = unsafe UnsafeMutableRawPointer(buffer.baseAddress!).assumingMemoryBound(to: CChar.self)
      count = unsafe Swift.max(0, written(text, capacity))
    }
  }
}

// MARK: Values

extension Endpoint {
  init(_ c: ipc_endpoint) {
    var name = c.name
    let bytes = unsafe withUnsafeBytes(of: &name) { unsafe [UInt8]($0.prefix(Int(c.length))) }
    switch c.transport {
    case .IPC_TCP: self = .tcp(host: String(decoding: bytes, as: UTF8.self), port: c.port)
    case .IPC_UNIX: self = .unix(path: bytes)
    case .IPC_ABSTRACT: self = .abstract(name: bytes)
    case .IPC_PIPE: self = .pipe(path: bytes)
    case .IPC_QUEUE: self = .queue(name: bytes)
    case .IPC_MEMORY: self = .memory(name: bytes)
    }
  }

  /// A name that is too long is cut to the struct: every C function refuses one of that length.
  var c: ipc_endpoint {
    var c = ipc_endpoint()
    let bytes: [UInt8]
    switch self {
    case .tcp(let host, let port):
      (c.transport, c.port, bytes) = (.IPC_TCP, port, Array(host.utf8))
    case .unix(let path):
      (c.transport, bytes) = (.IPC_UNIX, path)
    case .abstract(let name):
      (c.transport, bytes) = (.IPC_ABSTRACT, name)
    case .pipe(let path):
      (c.transport, bytes) = (.IPC_PIPE, path)
    case .queue(let name):
      (c.transport, bytes) = (.IPC_QUEUE, name)
    case .memory(let name):
      (c.transport, bytes) = (.IPC_MEMORY, name)
    }
    unsafe withUnsafeMutableBytes(of: &c.name) { unsafe $0.dropLast().copyBytes(from: bytes.prefix($0.count - 1)) }
    c.length = UInt16(min(bytes.count, Limit.host))
    return c
  }
}

extension Step {
  init(_ c: ipc_step) { self = Step(rawValue: Int32(c.rawValue))! }
}

extension Failure {
  init(_ c: ipc_failure, error: CInt) {
    self.init(
      Step(c.step), Cause(code: -error), at: c.has_endpoint ? Endpoint(c.endpoint) : nil,
      holder: c.holder > 0 ? c.holder : nil)
  }
}

extension Event {
  init(_ c: ipc_event) {
    let endpoint = unsafe c.endpoint.map { unsafe Endpoint($0.pointee) }
    unsafe self.init(
      Step(c.step), on: c.descriptor, count: c.count, endpoint: endpoint,
      failure: c.error < 0 ? Failure(Step(c.failed), Cause(code: -c.error), at: endpoint) : nil,
      traffic: c.step == .IPC_STEP_CLOSE
        ? Traffic(received: c.received, sent: c.sent, duration: .milliseconds(c.duration_ms)) : nil,
      counters: c.counters.map { unsafe Counters($0.pointee) })
  }
}

extension Counters {
  init(_ c: ipc_counters) {
    self.init()
    (accepted, refused, active, failed) = (c.accepted, c.refused, c.active, c.failed)
    (received, sent) = (c.received, c.sent)
  }
}

private final class Watcher {
  let observer: Observer
  init(_ observer: Observer) { self.observer = observer }
}

/// The watcher outlives the call, and C calls it only within.
@safe func withObserver<R>(_ observer: Observer?, _ body: (UnsafePointer<ipc_observer>?) -> R) -> R {
  guard let observer else { return body(nil) }
  let watcher = Watcher(observer)
  var c = unsafe ipc_observer(
    event: { context, event in
      let watcher = unsafe Unmanaged<Watcher>.fromOpaque(context!).takeUnretainedValue()
      unsafe watcher.observer.tell(Event(event.pointee))
    }, context: Unmanaged.passUnretained(watcher).toOpaque(), steps: observer.steps)
  return withExtendedLifetime(watcher) { unsafe body(&c) }
}

/// The greeting lives as long as the body runs.
@safe func withService<R>(_ service: Service, _ body: (inout ipc_service) -> R) -> R {
  var c = unsafe ipc_service()
  switch service {
  case .greeting(let bytes):
    return bytes.span.withPointer { pointer, count in
      unsafe c = unsafe ipc_service(kind: .IPC_GREETING, length: count, greeting: pointer)
      return unsafe body(&c)
    }
  case .message: unsafe c.kind = .IPC_MESSAGE
  case .echo: unsafe c.kind = .IPC_ECHO
  case .discard: unsafe c.kind = .IPC_DISCARD
  case .chargen: unsafe c.kind = .IPC_CHARGEN
  }
  return unsafe body(&c)
}

// MARK: Functions

/// The text is static.
func ipc_error_text(_ error: CInt) -> String { unsafe String(cString: CIPC.ipc_error_text(error)) }

func ipc_endpoint_parse(_ text: [UInt8], _ endpoint: inout ipc_endpoint) -> CInt {
  text.span.withPointer { unsafe CIPC.ipc_endpoint_parse($0, $1, &endpoint) }
}

func ipc_endpoint_tcp(_ host: [UInt8], _ port: [UInt8], _ endpoint: inout ipc_endpoint) -> CInt {
  host.span.withPointer { host, hostCount in
    port.span.withPointer { port, portCount in unsafe CIPC.ipc_endpoint_tcp(host, hostCount, port, portCount, &endpoint)
    }
  }
}

func ipc_endpoint_format(_ endpoint: ipc_endpoint) -> [UInt8] {
  var endpoint = endpoint
  return Array(capacity: Int(IPC_ENDPOINT_TEXT_MAX) + 1) { unsafe Int(CIPC.ipc_endpoint_format(&endpoint, $0, $1)) }
}

func ipc_endpoint_resolve(_ endpoint: ipc_endpoint, _ candidates: inout [ipc_endpoint]) -> CInt {
  var endpoint = endpoint
  let capacity = candidates.count
  return unsafe CIPC.ipc_endpoint_resolve(&endpoint, &candidates, capacity)
}

func ipc_endpoint_local(_ socket: CInt, _ endpoint: inout ipc_endpoint) -> CInt {
  unsafe CIPC.ipc_endpoint_local(socket, &endpoint)
}

func ipc_endpoint_peer(_ socket: CInt, _ endpoint: inout ipc_endpoint) -> CInt {
  unsafe CIPC.ipc_endpoint_peer(socket, &endpoint)
}

func ipc_create(_ endpoint: ipc_endpoint) -> CInt {
  var endpoint = endpoint
  return unsafe CIPC.ipc_create(&endpoint)
}

func ipc_receive(_ socket: CInt, _ buffer: inout MutableSpan<UInt8>) -> Int {
  buffer.withPointer { unsafe CIPC.ipc_receive(socket, $0, $1) }
}

func ipc_send(_ socket: CInt, _ bytes: Span<UInt8>, _ more: Bool) -> Int {
  bytes.withPointer { unsafe CIPC.ipc_send(socket, $0, $1, more) }
}

func ipc_read(_ descriptor: CInt, _ buffer: inout MutableSpan<UInt8>) -> Int {
  buffer.withPointer { unsafe CIPC.ipc_read(descriptor, $0, $1) }
}

func ipc_write(_ descriptor: CInt, _ bytes: Span<UInt8>) -> Int {
  bytes.withPointer { unsafe CIPC.ipc_write(descriptor, $0, $1) }
}

func ipc_bind(_ socket: CInt, _ endpoint: ipc_endpoint) -> CInt {
  var endpoint = endpoint
  return unsafe CIPC.ipc_bind(socket, &endpoint)
}

func ipc_accept(_ listener: CInt, _ peer: inout ipc_endpoint) -> CInt {
  unsafe CIPC.ipc_accept(listener, &peer)
}

func ipc_server_open(
  _ candidates: [ipc_endpoint], _ backlog: CInt, _ observer: Observer?, _ server: inout ipc_server,
  _ failure: inout ipc_failure
) -> CInt {
  withObserver(observer) { observer in
    unsafe CIPC.ipc_server_open(candidates, candidates.count, backlog, observer, &server, &failure)
  }
}

func ipc_serve(
  _ server: ipc_server, _ service: Service, _ serving: ipc_serve_options, _ observer: Observer?,
  _ failure: inout ipc_failure
) -> CInt {
  var (server, serving) = (server, serving)
  return withObserver(observer) { observer in
    withService(service) { service in
      unsafe CIPC.ipc_serve(&server, &service, &serving, observer, &failure)
    }
  }
}

func ipc_server_adopt(_ descriptor: CInt, _ server: inout ipc_server) -> CInt {
  unsafe CIPC.ipc_server_adopt(descriptor, &server)
}

func ipc_notify(_ path: [UInt8], _ state: [UInt8]) -> CInt {
  path.span.withPointer { path, pathCount in
    state.span.withPointer { state, count in unsafe CIPC.ipc_notify(path, pathCount, state, count) }
  }
}

func ipc_server_close(_ server: ipc_server) -> CInt {
  var server = server
  return unsafe CIPC.ipc_server_close(&server)
}

func ipc_connect(_ socket: CInt, _ endpoint: ipc_endpoint, _ timeout: CInt) -> CInt {
  var endpoint = endpoint
  return unsafe CIPC.ipc_connect(socket, &endpoint, timeout)
}

func ipc_client_open(
  _ candidates: [ipc_endpoint], _ timeout: CInt, _ observer: Observer?, _ connection: inout ipc_connection,
  _ failure: inout ipc_failure
) -> CInt {
  withObserver(observer) { observer in
    unsafe CIPC.ipc_client_open(candidates, candidates.count, timeout, observer, &connection, &failure)
  }
}

func ipc_relay(
  _ connection: ipc_connection, _ input: CInt, _ output: CInt, _ observer: Observer?, _ failure: inout ipc_failure
) -> CInt {
  var connection = connection
  return withObserver(observer) { observer in
    unsafe CIPC.ipc_relay(&connection, input, output, observer, &failure)
  }
}

func ipc_service_step(
  _ service: Service, _ position: UInt64, _ input: Span<UInt8>, _ ended: Bool, _ output: inout MutableSpan<UInt8>,
  _ turn: inout ipc_service_result
) {
  output.withPointer { output, capacity in
    input.withPointer { input, count in
      withService(service) { service in
        unsafe CIPC.ipc_service_step(&service, position, input, count, ended, output, capacity, &turn)
      }
    }
  }
}

func ipc_vis(_ bytes: Span<UInt8>) -> [UInt8] {
  let growth = Int(IPC_VIS_GROWTH)
  return bytes.withPointer { bytes, count in
    Array(capacity: max(1, growth * count)) { unsafe CIPC.ipc_vis(bytes, count, $0, $1) }
  }
}

func ipc_message_text(_ message: Span<UInt8>) -> [UInt8] {
  let label = 64
  let growth = Int(IPC_VIS_GROWTH)
  return message.withPointer { message, count in
    Array(capacity: label + growth * count) { unsafe CIPC.ipc_message_text(message, count, $0, $1) }
  }
}
