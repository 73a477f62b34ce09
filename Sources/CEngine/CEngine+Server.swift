internal import CIPC
public import IPC
internal import SystemPackage

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
    _ candidates: [Endpoint], _ options: ListenOptions, observer: Observer?
  ) throws(Failure) -> Server {
    var (c, failure) = (ipc_server(), ipc_failure())
    try check(ipc_server_open(candidates.map(\.c), options.c, observer, &c, &failure), failure)
    return Server(
      Descriptor(owning: c.descriptor), at: Endpoint(c.endpoint), backlog: Int(c.backlog),
      keepAlive: .seconds(c.keepalive_s),
      file: c.has_file ? Server.File(device: c.device, inode: c.inode) : nil)
  }

  public static func adoptServer(
    _ descriptor: consuming Descriptor, _ options: ListenOptions
  ) throws(Failure) -> Server {
    var c = ipc_server()
    try check(.listen, ipc_server_adopt(descriptor.number, options.c, &c))
    return Server(
      descriptor, at: Endpoint(c.endpoint), backlog: Int(c.backlog), keepAlive: .seconds(c.keepalive_s), isLent: true,
      isConnected: c.connected, file: nil)
  }

  public static func serve(
    _ server: borrowing Server, _ service: Service, _ options: ServeOptions, observer: Observer?
  ) throws(Failure) {
    var failure = ipc_failure()
    try check(ipc_serve(server.listeners, service, options.c, observer, &failure), failure)
  }

  public static func close(_ server: consuming Server) throws(Failure) {
    let c = server.c
    let next = server.next?.take()
    _ = server.release().release()
    var failure: Failure?
    do throws(Failure) { try check(.close, ipc_server_close(c)) } catch { failure = error }
    if let next { try close(next) }
    if let failure { throw failure }
  }
}

extension ListenOptions {
  var c: ipc_listen_options {
    ipc_listen_options(
      backlog: CInt(clamping: backlog), keepalive_s: CInt(clamping: keepAlive.components.seconds), mode: mode ?? 0,
      has_group: group != nil, group: group ?? 0)
  }
}

extension Server {
  var c: ipc_server {
    ipc_server(
      descriptor: descriptor.number, backlog: CInt(clamping: backlog),
      keepalive_s: CInt(clamping: keepAlive.components.seconds), endpoint: endpoint.c, lent: isLent,
      connected: isConnected, has_file: file != nil, device: file?.device ?? 0, inode: file?.inode ?? 0)
  }

  /// This listener, and those behind it.
  var listeners: [ipc_server] { [c] + (next?.borrow { $0.listeners } ?? []) }
}

extension ServeOptions {
  var c: ipc_serve_options {
    ipc_serve_options(
      keep_open: keepOpen, stop: stop?.rawValue ?? -1, drain_ms: drain.milliseconds,
      workers: CInt(clamping: workers), status_request: statusRequest?.rawValue ?? -1, output: output.rawValue,
      limits: ipc_client_limits(
        clients: CInt(clamping: limits.clients ?? 0),
        clients_per_address: CInt(clamping: limits.clientsPerAddress ?? 0),
        idle_ms: limits.idle?.milliseconds ?? 0, time_ms: limits.time?.milliseconds ?? 0, bytes: limits.bytes ?? 0))
  }
}
