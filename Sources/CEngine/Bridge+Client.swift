// Part of the bridge to C; Bridge.swift explains why it is sound.
internal import CIPC
internal import IPC

func ipc_connect(_ socket: CInt, _ endpoint: ipc_endpoint, _ timeout: CInt) -> CInt {
  var endpoint = endpoint
  return unsafe CIPC.ipc_connect(socket, &endpoint, timeout)
}

func ipc_client_open(
  _ candidates: [ipc_endpoint], _ options: ipc_connect_options, _ observer: Observer?,
  _ connection: inout ipc_connection, _ failure: inout ipc_failure
) -> CInt {
  var options = options
  return withObserver(observer) { observer in
    unsafe CIPC.ipc_client_open(candidates, candidates.count, &options, observer, &connection, &failure)
  }
}

func ipc_relay(
  _ connection: ipc_connection, _ input: CInt, _ output: CInt, _ options: ipc_relay_options, _ observer: Observer?,
  _ failure: inout ipc_failure
) -> CInt {
  var (connection, options) = (connection, options)
  return withObserver(observer) { observer in
    unsafe CIPC.ipc_relay(&connection, input, output, &options, observer, &failure)
  }
}
