// The server: `include/ipc/server.h`.
internal import Glibc
internal import IPC
public import IPCContract
internal import SwiftEngine
internal import SystemPackage

@c @implementation
public func ipc_bind(_ socket: CInt, _ endpoint: UnsafePointer<ipc_endpoint>) -> CInt {
  status { () throws(Failure) in
    try lend(socket) { (socket) throws(Failure) in
      try unsafe SwiftEngine.bind(socket, to: Endpoint(endpoint.pointee))
    }
  }
}

@c @implementation
public func ipc_listen(_ socket: CInt, _ backlog: CInt) -> CInt {
  status { () throws(Failure) in
    try lend(socket) { (socket) throws(Failure) in try SwiftEngine.listen(socket, backlog: Int(backlog)) }
  }
}

@c @implementation
public func ipc_accept(_ listener: CInt, _ peer: UnsafeMutablePointer<ipc_endpoint>?) -> CInt {
  let accepted = count { () throws(Failure) in
    try lend(listener) { (listener) throws(Failure) -> Int? in
      guard let connection = try SwiftEngine.accept(listener) else { return nil }
      unsafe peer?.pointee = ipc_endpoint(connection.endpoint)
      return Int(connection.release().release())
    }
  }
  return CInt(accepted)
}

extension ipc_server {
  /// A server whose socket the caller owns. The socket stays open only if the server is released.
  fileprivate var borrowed: Server {
    Server(
      Descriptor(owning: descriptor), at: Endpoint(endpoint), backlog: Int(backlog), keepAlive: .seconds(keepalive_s),
      isLent: lent, isConnected: connected, file: has_file ? Server.File(device: device, inode: inode) : nil)
  }

  /// Gives the socket to the caller.
  fileprivate init(_ server: consuming Server) {
    let (endpoint, file) = (ipc_endpoint(server.endpoint), server.file)
    let (backlog, keepAlive) = (server.backlog, server.keepAlive)
    let (isLent, isConnected) = (server.isLent, server.isConnected)
    self.init(
      descriptor: server.release().release(), backlog: CInt(backlog), keepalive_s: CInt(keepAlive.components.seconds),
      endpoint: endpoint, lent: isLent, connected: isConnected, has_file: file != nil, device: file?.device ?? 0,
      inode: file?.inode ?? 0)
  }

  /// A server that does not listen.
  fileprivate init(_ descriptor: CInt, _ options: ipc_listen_options) {
    self.init()
    (self.descriptor, backlog, keepalive_s) = (descriptor, options.backlog, options.keepalive_s)
  }
}

@c @implementation
public func ipc_server_open(
  _ candidates: UnsafePointer<ipc_endpoint>, _ count: Int, _ options: UnsafePointer<ipc_listen_options>,
  _ observer: UnsafePointer<ipc_observer>?, _ server: UnsafeMutablePointer<ipc_server>,
  _ failure: UnsafeMutablePointer<ipc_failure>
) -> CInt {
  if count > 0 {
    unsafe server.pointee = ipc_server(-1, options.pointee)
    unsafe server.pointee.endpoint = candidates[count - 1]
  }
  return unsafe status(failure) { () throws(Failure) in
    let opened = try unsafe SwiftEngine.openServer(
      endpoints(candidates, count), ListenOptions(options.pointee), observer: Observer(observer))
    unsafe server.pointee = ipc_server(opened)
  }
}

@c @implementation
public func ipc_server_adopt(
  _ descriptor: CInt, _ options: UnsafePointer<ipc_listen_options>, _ server: UnsafeMutablePointer<ipc_server>
) -> CInt {
  unsafe server.pointee = ipc_server(descriptor, options.pointee)
  unsafe (server.pointee.backlog, server.pointee.lent) = (SOMAXCONN, true)
  return status { () throws(Failure) in
    // Not `adoptServer`, which owns the socket, and closes it after a failure.
    let adopted = try lend(descriptor) { (socket) throws(Failure) in
      try unsafe SwiftEngine.adopt(socket, keepAlive: .seconds(options.pointee.keepalive_s))
    }
    unsafe (server.pointee.endpoint, server.pointee.connected) = (ipc_endpoint(adopted.endpoint), adopted.isConnected)
  }
}

/// A server of several listeners, whose sockets the caller owns. The sockets stay open only if it is released.
private func borrow(_ servers: UnsafePointer<ipc_server>, _ count: Int) -> Server {
  var first = unsafe servers.pointee.borrowed
  if count > 1 { first.next = Server.Next(unsafe borrow(servers + 1, count - 1)) }
  return first
}

/// Leaves the sockets of a borrowed server to their owner.
private func release(_ server: consuming Server) {
  let next = server.next?.take()
  _ = server.release().release()
  if let next { release(next) }
}

@c @implementation
public func ipc_serve(
  _ servers: UnsafePointer<ipc_server>, _ count: Int, _ service: UnsafePointer<ipc_service>,
  _ options: UnsafePointer<ipc_serve_options>, _ observer: UnsafePointer<ipc_observer>?,
  _ failure: UnsafeMutablePointer<ipc_failure>
) -> CInt {
  unsafe status(failure) { () throws(Failure) in
    guard count > 0 else { throw Failure(.listen, .system(.invalidArgument)) }
    // One listener more than the engine serves is enough to be refused.
    let borrowed = unsafe borrow(servers, min(count, Limit.listeners + 1))
    let result = Result { () throws(Failure) in
      try unsafe SwiftEngine.serve(
        borrowed, Service(service), ServeOptions(options.pointee), observer: Observer(observer))
    }
    release(borrowed)
    try result.get()
  }
}

@c @implementation
public func ipc_server_close(_ server: UnsafeMutablePointer<ipc_server>) -> CInt {
  let closing = unsafe server.pointee
  unsafe (server.pointee.descriptor, server.pointee.has_file) = (-1, false)
  return status { () throws(Failure) in try SwiftEngine.close(closing.borrowed) }
}
