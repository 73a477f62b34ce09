internal import CIPC
public import IPC
public import SystemPackage

extension CEngine {
  public static func connect(
    _ socket: borrowing Descriptor, to endpoint: Endpoint, timeout: Duration?
  ) throws(Failure) {
    try check(.connect, ipc_connect(socket.number, endpoint.c, timeout?.milliseconds ?? -1))
  }

  public static func openClient(
    _ candidates: [Endpoint], _ options: ConnectOptions, observer: Observer?
  ) throws(Failure) -> Connection {
    var (c, failure) = (ipc_connection(), ipc_failure())
    let options = ipc_connect_options(
      timeout_ms: options.timeout?.milliseconds ?? -1, has_source: options.source != nil,
      source: options.source?.c ?? ipc_endpoint())
    try check(ipc_client_open(candidates.map(\.c), options, observer, &c, &failure), failure)
    return Connection(Descriptor(owning: c.descriptor), to: Endpoint(c.endpoint), wasReset: c.error < 0)
  }

  public static func relay(
    _ connection: borrowing Connection, input: FileDescriptor, output: FileDescriptor, options: RelayOptions,
    observer: Observer?
  ) throws(Failure) {
    var failure = ipc_failure()
    let c = ipc_connection(
      descriptor: connection.descriptor.number, error: connection.wasReset ? -Errno.connectionReset.rawValue : 0,
      endpoint: connection.endpoint.c)
    try check(ipc_relay(c, input.rawValue, output.rawValue, options.c, observer, &failure), failure)
  }
}

extension RelayOptions {
  var c: ipc_relay_options {
    let direction: ipc_relay_direction =
      switch self.direction {
      case .both: .IPC_RELAY_BOTH
      case .send: .IPC_RELAY_SEND
      case .receive: .IPC_RELAY_RECEIVE
      }
    return ipc_relay_options(direction: direction, keeps_sending: keepsSending, idle_ms: idle?.milliseconds ?? 0)
  }
}
