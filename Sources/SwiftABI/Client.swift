// The client: `include/ipc/client.h`.
internal import IPC
public import IPCContract
internal import SwiftEngine
internal import SystemPackage

@c @implementation
public func ipc_connect(_ socket: CInt, _ endpoint: UnsafePointer<ipc_endpoint>, _ timeout_ms: CInt) -> CInt {
  status { () throws(Failure) in
    try lend(socket) { (socket) throws(Failure) in
      try unsafe SwiftEngine.connect(socket, to: Endpoint(endpoint.pointee), timeout: timeout(timeout_ms))
    }
  }
}

@c @implementation
public func ipc_client_open(
  _ candidates: UnsafePointer<ipc_endpoint>, _ count: Int, _ options: UnsafePointer<ipc_connect_options>,
  _ observer: UnsafePointer<ipc_observer>?, _ connection: UnsafeMutablePointer<ipc_connection>,
  _ failure: UnsafeMutablePointer<ipc_failure>
) -> CInt {
  unsafe status(failure) { () throws(Failure) in
    let opened = try unsafe SwiftEngine.openClient(
      endpoints(candidates, count), ConnectOptions(options.pointee), observer: Observer(observer))
    let endpoint = ipc_endpoint(opened.endpoint)
    let error = opened.wasReset ? -Errno.connectionReset.rawValue : 0
    unsafe connection.pointee = ipc_connection(
      descriptor: opened.release().release(), error: error, endpoint: endpoint)
  }
}

@c @implementation
public func ipc_relay(
  _ connection: UnsafePointer<ipc_connection>, _ input: CInt, _ output: CInt,
  _ options: UnsafePointer<ipc_relay_options>, _ observer: UnsafePointer<ipc_observer>?,
  _ failure: UnsafeMutablePointer<ipc_failure>
) -> CInt {
  unsafe status(failure) { () throws(Failure) in
    let c = unsafe connection.pointee
    let lent = Connection(Descriptor(owning: c.descriptor), to: Endpoint(c.endpoint), wasReset: c.error < 0)
    let result = Result { () throws(Failure) in
      try unsafe SwiftEngine.relay(
        lent, input: FileDescriptor(rawValue: input), output: FileDescriptor(rawValue: output),
        options: RelayOptions(options.pointee), observer: Observer(observer))
    }
    _ = lent.release().release()
    try result.get()
  }
}
