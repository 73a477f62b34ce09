// Part of the bridge to C; Bridge.swift explains why it is sound.
internal import CIPC
internal import IPC

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

  /// A name that is too long is cut to the size of the struct: every C function refuses a name of that length.
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
