// Links: `include/ipc/link.h`. The functions of a link share its private state, so a program takes all of them from the
// same engine.
internal import IPC
public import IPCContract
internal import SwiftEngine
internal import SystemPackage

/// `struct ipc_link`: memory that holds the engine's link from the opening to ipc_link_close().
@safe private struct LinkPointer {
  private let link: UnsafeMutablePointer<Link>

  init(_ c: OpaquePointer) { unsafe link = UnsafeMutablePointer(c) }

  /// Gives C a new link.
  static func open(_ link: consuming Link) -> OpaquePointer {
    let memory = UnsafeMutablePointer<Link>.allocate(capacity: 1)
    unsafe memory.initialize(to: link)
    return OpaquePointer(memory)
  }

  /// Runs a step with the link.
  @inline(__always)
  func lend<Result>(_ body: (borrowing Link) throws(Failure) -> Result) throws(Failure) -> Result {
    try unsafe body(link.pointee)
  }

  /// Takes the link back from C.
  consuming func close() -> Link {
    let closing = unsafe link.move()
    unsafe link.deallocate()
    return closing
  }
}

/// Runs a step that opens a link, and gives it to C. After an error there is none.
private func status(
  _ failure: UnsafeMutablePointer<ipc_failure>, _ link: UnsafeMutablePointer<OpaquePointer?>,
  _ body: () throws(Failure) -> Link
) -> CInt {
  unsafe link.pointee = nil
  return unsafe status(failure) { () throws(Failure) in unsafe link.pointee = LinkPointer.open(try body()) }
}

@c @implementation
public func ipc_link_listen(
  _ endpoint: UnsafePointer<ipc_endpoint>, _ sizes: UnsafePointer<ipc_link_sizes>,
  _ observer: UnsafePointer<ipc_observer>?, _ link: UnsafeMutablePointer<OpaquePointer?>,
  _ failure: UnsafeMutablePointer<ipc_failure>
) -> CInt {
  unsafe status(failure, link) { () throws(Failure) in
    try unsafe SwiftEngine.listen(
      at: Endpoint(endpoint.pointee), LinkSizes(sizes.pointee), observer: Observer(observer))
  }
}

@c @implementation
public func ipc_link_accept(_ link: OpaquePointer, _ extra: CInt, _ timeout_ms: CInt) -> CInt {
  status { () throws(Failure) in
    try unsafe LinkPointer(link).lend { (link) throws(Failure) in
      try SwiftEngine.accept(link, extra: lent(extra), timeout: timeout(timeout_ms))
    }
  }
}

@c @implementation
public func ipc_link_connect(
  _ endpoint: UnsafePointer<ipc_endpoint>, _ busy: ipc_link_busy, _ timeout_ms: CInt,
  _ observer: UnsafePointer<ipc_observer>?, _ link: UnsafeMutablePointer<OpaquePointer?>,
  _ failure: UnsafeMutablePointer<ipc_failure>
) -> CInt {
  unsafe status(failure, link) { () throws(Failure) in
    try unsafe SwiftEngine.connect(
      to: Endpoint(endpoint.pointee), waits: busy == .IPC_LINK_BUSY_WAIT, timeout: timeout(timeout_ms),
      observer: Observer(observer))
  }
}

@c @implementation
public func ipc_link_descriptor(_ link: OpaquePointer) -> CInt {
  let number = count { () throws(Failure) in
    try unsafe LinkPointer(link).lend { (link) throws(Failure) in Int(link.number) }
  }
  return CInt(number)
}

@c @implementation
public func ipc_link_receive(_ link: OpaquePointer, _ buffer: UnsafeMutableRawPointer, _ size: Int) -> Int {
  count { () throws(Failure) in
    try unsafe LinkPointer(link).lend { (link) throws(Failure) in
      try unsafe withRoom(buffer, size) { (room) throws(Failure) in try SwiftEngine.receive(link, into: &room) }
    }
  }
}

@c @implementation
public func ipc_link_send(_ link: OpaquePointer, _ bytes: UnsafeRawPointer, _ length: Int) -> Int {
  count { () throws(Failure) in
    try unsafe LinkPointer(link).lend { (link) throws(Failure) in
      try unsafe withSpan(bytes, length) { (bytes) throws(Failure) in try SwiftEngine.send(link, bytes) }
    }
  }
}

@c @implementation
public func ipc_link_wait(_ link: OpaquePointer, _ events: CInt, _ extra: CInt, _ timeout_ms: CInt) -> CInt {
  let ready = count { () throws(Failure) in
    try unsafe LinkPointer(link).lend { (link) throws(Failure) in
      let ready = try SwiftEngine.wait(
        link, for: Readiness(rawValue: events), extra: lent(extra), timeout: timeout(timeout_ms))
      return Int(ready.rawValue)
    }
  }
  return CInt(ready)
}

@c @implementation
public func ipc_link_half_close(_ link: OpaquePointer) -> CInt {
  let result = count { () throws(Failure) in
    try unsafe LinkPointer(link).lend { (link) throws(Failure) in try SwiftEngine.halfClose(link) ? 0 : nil }
  }
  return CInt(result)
}

@c @implementation
public func ipc_link_disconnect(_ link: OpaquePointer) -> CInt {
  status { () throws(Failure) in
    try unsafe LinkPointer(link).lend { (link) throws(Failure) in try SwiftEngine.disconnect(link) }
  }
}

@c @implementation
public func ipc_link_reset(_ link: OpaquePointer) -> CInt {
  status { () throws(Failure) in
    try unsafe LinkPointer(link).lend { (link) throws(Failure) in try SwiftEngine.reset(link) }
  }
}

@c @implementation
public func ipc_link_serve(
  _ link: OpaquePointer, _ service: UnsafePointer<ipc_service>, _ options: UnsafePointer<ipc_serve_options>,
  _ observer: UnsafePointer<ipc_observer>?, _ failure: UnsafeMutablePointer<ipc_failure>
) -> CInt {
  unsafe status(failure) { () throws(Failure) in
    try unsafe LinkPointer(link).lend { (link) throws(Failure) in
      try unsafe SwiftEngine.serve(
        link, Service(service), ServeOptions(options.pointee), observer: Observer(observer))
    }
  }
}

@c @implementation
public func ipc_link_relay(
  _ link: OpaquePointer, _ input: CInt, _ output: CInt, _ options: UnsafePointer<ipc_relay_options>,
  _ observer: UnsafePointer<ipc_observer>?, _ failure: UnsafeMutablePointer<ipc_failure>
) -> CInt {
  unsafe status(failure) { () throws(Failure) in
    try unsafe LinkPointer(link).lend { (link) throws(Failure) in
      try unsafe SwiftEngine.relay(
        link, input: FileDescriptor(rawValue: input), output: FileDescriptor(rawValue: output),
        options: RelayOptions(options.pointee), observer: Observer(observer))
    }
  }
}

@c @implementation
public func ipc_link_close(_ link: OpaquePointer) -> CInt {
  status { () throws(Failure) in try unsafe SwiftEngine.close(LinkPointer(link).close()) }
}
