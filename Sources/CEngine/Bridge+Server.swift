// Part of the bridge to C; Bridge.swift explains why it is sound.
internal import CIPC
internal import IPC

func ipc_bind(_ socket: CInt, _ endpoint: ipc_endpoint) -> CInt {
  var endpoint = endpoint
  return unsafe CIPC.ipc_bind(socket, &endpoint)
}

func ipc_accept(_ listener: CInt, _ peer: inout ipc_endpoint) -> CInt {
  unsafe CIPC.ipc_accept(listener, &peer)
}

func ipc_server_open(
  _ candidates: [ipc_endpoint], _ options: ipc_listen_options, _ observer: Observer?, _ server: inout ipc_server,
  _ failure: inout ipc_failure
) -> CInt {
  var options = options
  return withObserver(observer) { observer in
    unsafe CIPC.ipc_server_open(candidates, candidates.count, &options, observer, &server, &failure)
  }
}

func ipc_server_adopt(_ descriptor: CInt, _ options: ipc_listen_options, _ server: inout ipc_server) -> CInt {
  var options = options
  return unsafe CIPC.ipc_server_adopt(descriptor, &options, &server)
}

func ipc_serve(
  _ servers: [ipc_server], _ service: Service, _ options: ipc_serve_options, _ observer: Observer?,
  _ failure: inout ipc_failure
) -> CInt {
  var options = options
  return withObserver(observer) { observer in
    withService(service) { service in
      unsafe CIPC.ipc_serve(servers, servers.count, &service, &options, observer, &failure)
    }
  }
}

func ipc_server_close(_ server: ipc_server) -> CInt {
  var server = server
  return unsafe CIPC.ipc_server_close(&server)
}
