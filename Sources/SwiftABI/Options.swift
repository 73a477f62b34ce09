// How to listen, serve, connect and relay. A count or a time of 0 is unlimited.
internal import IPC
internal import IPCContract
internal import SystemPackage

/// A time in milliseconds, or nil if it is unlimited.
private func limit(_ milliseconds: CInt) -> Duration? { milliseconds > 0 ? .milliseconds(milliseconds) : nil }

private func limit(_ count: CInt) -> Int? { count > 0 ? Int(count) : nil }

extension ListenOptions {
  init(_ c: ipc_listen_options) {
    self.init(
      backlog: Int(c.backlog), keepAlive: .seconds(c.keepalive_s), mode: c.mode == 0 ? nil : c.mode,
      group: c.has_group ? c.group : nil)
  }
}

extension ServeOptions {
  init(_ c: ipc_serve_options) {
    self.init(
      keepOpen: c.keep_open, stop: lent(c.stop), drain: .milliseconds(max(0, c.drain_ms)), workers: Int(c.workers),
      statusRequest: lent(c.status_request), output: FileDescriptor(rawValue: c.output),
      limits: ClientLimits(
        clients: limit(c.limits.clients), clientsPerAddress: limit(c.limits.clients_per_address),
        idle: limit(c.limits.idle_ms), time: limit(c.limits.time_ms), bytes: c.limits.bytes))
  }
}

extension ConnectOptions {
  init(_ c: ipc_connect_options) {
    self.init(timeout: SwiftABI.timeout(c.timeout_ms), source: c.has_source ? Endpoint(c.source) : nil)
  }
}

extension RelayOptions {
  init(_ c: ipc_relay_options) {
    let direction: Direction =
      switch c.direction {
      case .IPC_RELAY_BOTH: .both
      case .IPC_RELAY_SEND: .send
      case .IPC_RELAY_RECEIVE: .receive
      }
    self.init(direction: direction, keepsSending: c.keeps_sending, idle: limit(c.idle_ms))
  }
}

extension LinkSizes {
  init(_ c: ipc_link_sizes) { self.init(message: Int(c.message), depth: Int(c.depth), ring: Int(c.ring)) }
}
