// Endpoints: `include/ipc/endpoint.h`.
internal import IPC
public import IPCContract
internal import SwiftEngine
internal import SystemPackage

extension Endpoint {
  /// As in the C engine, a NUL ends a host, and the length of any other name counts.
  init(_ c: ipc_endpoint) {
    var name = c.name
    let bytes = unsafe withUnsafeBytes(of: &name) { unsafe [UInt8]($0.prefix(Int(c.length))) }
    switch c.transport {
    case .IPC_TCP:
      let host = unsafe withUnsafeBytes(of: &name) { unsafe [UInt8]($0.prefix { $0 != 0 }) }
      self = .tcp(host: String(decoding: host, as: UTF8.self), port: c.port)
    case .IPC_UNIX: self = .unix(path: bytes)
    case .IPC_ABSTRACT: self = .abstract(name: bytes)
    case .IPC_PIPE: self = .pipe(path: bytes)
    case .IPC_QUEUE: self = .queue(name: bytes)
    case .IPC_MEMORY: self = .memory(name: bytes)
    }
  }
}

extension ipc_endpoint {
  init(_ endpoint: Endpoint) {
    self.init()
    switch endpoint {
    case .tcp(let host, let port):
      (transport, self.port) = (.IPC_TCP, port)
      setName(host.utf8)
    case .unix(let path): setName(path, .IPC_UNIX)
    case .abstract(let name): setName(name, .IPC_ABSTRACT)
    case .pipe(let path): setName(path, .IPC_PIPE)
    case .queue(let name): setName(name, .IPC_QUEUE)
    case .memory(let name): setName(name, .IPC_MEMORY)
    }
  }

  /// No function of the engine returns a name that is too long; the last byte stays NUL.
  private mutating func setName(_ bytes: some Collection<UInt8>, _ transport: ipc_transport = .IPC_TCP) {
    self.transport = transport
    length = UInt16(bytes.count)
    unsafe withUnsafeMutableBytes(of: &name) { unsafe $0.dropLast().copyBytes(from: bytes) }
  }
}

/// The candidates that C passes.
func endpoints(_ candidates: UnsafePointer<ipc_endpoint>, _ count: Int) -> [Endpoint] {
  unsafe UnsafeBufferPointer(start: candidates, count: count).map(Endpoint.init)
}

/// Runs a step that returns an endpoint, and gives it to C.
private func status(
  _ endpoint: UnsafeMutablePointer<ipc_endpoint>, _ body: () throws(Failure) -> Endpoint
) -> CInt {
  status { () throws(Failure) in unsafe endpoint.pointee = ipc_endpoint(try body()) }
}

@c @implementation
public func ipc_endpoint_parse(
  _ text: UnsafePointer<CChar>, _ length: Int, _ endpoint: UnsafeMutablePointer<ipc_endpoint>
) -> CInt {
  unsafe endpoint.pointee = ipc_endpoint()
  return unsafe status(endpoint) { () throws(Failure) in try unsafe SwiftEngine.parse(Array(text, length)) }
}

@c @implementation
public func ipc_endpoint_tcp(
  _ host: UnsafePointer<CChar>, _ host_length: Int, _ port: UnsafePointer<CChar>, _ port_length: Int,
  _ endpoint: UnsafeMutablePointer<ipc_endpoint>
) -> CInt {
  unsafe endpoint.pointee = ipc_endpoint()
  return unsafe status(endpoint) { () throws(Failure) in
    try unsafe SwiftEngine.tcp(host: Array(host, host_length), port: Array(port, port_length))
  }
}

@c @implementation
public func ipc_endpoint_format(
  _ endpoint: UnsafePointer<ipc_endpoint>, _ text: UnsafeMutablePointer<CChar>, _ size: Int
) -> CInt {
  var c = unsafe endpoint.pointee
  let length = Int(c.length)
  // The length ends a host here, as in the C engine.
  unsafe withUnsafeMutableBytes(of: &c.name) { unsafe $0[min(length, Limit.host)] = 0 }
  let bytes = SwiftEngine.format(Endpoint(c)) + [0]
  guard let written = unsafe bytes.copy(to: text, size) else { return -Errno.noSpace.rawValue }
  return CInt(written) - 1
}

@c @implementation
public func ipc_endpoint_resolve(
  _ endpoint: UnsafePointer<ipc_endpoint>, _ candidates: UnsafeMutablePointer<ipc_endpoint>, _ capacity: Int
) -> CInt {
  if capacity == 0 { return -Errno.noSpace.rawValue }
  let result = count { () throws(Failure) in
    let found = try unsafe SwiftEngine.resolve(Endpoint(endpoint.pointee)).prefix(capacity)
    for (index, candidate) in found.enumerated() { unsafe candidates[index] = ipc_endpoint(candidate) }
    return found.count
  }
  return CInt(result)
}

@c @implementation
public func ipc_endpoint_local(_ socket: CInt, _ endpoint: UnsafeMutablePointer<ipc_endpoint>) -> CInt {
  unsafe status(endpoint) { () throws(Failure) in
    try lend(socket) { (socket) throws(Failure) in try SwiftEngine.local(socket) }
  }
}

@c @implementation
public func ipc_endpoint_peer(_ socket: CInt, _ endpoint: UnsafeMutablePointer<ipc_endpoint>) -> CInt {
  unsafe status(endpoint) { () throws(Failure) in
    try lend(socket) { (socket) throws(Failure) in try SwiftEngine.peer(socket) }
  }
}
