internal import CIPC
public import IPC

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
