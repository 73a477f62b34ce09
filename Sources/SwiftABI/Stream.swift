// Streams: `include/ipc/stream.h`. Receiving and sending allocate nothing.
internal import IPC
public import IPCContract
internal import SwiftEngine
internal import SystemPackage

@c @implementation
public func ipc_create(_ endpoint: UnsafePointer<ipc_endpoint>) -> CInt {
  number { () throws(Failure) in try unsafe SwiftEngine.create(for: Endpoint(endpoint.pointee)) }
}

@c @implementation
public func ipc_receive(_ socket: CInt, _ buffer: UnsafeMutableRawPointer, _ size: Int) -> Int {
  count { () throws(Failure) in
    try lend(socket) { (socket) throws(Failure) in
      try unsafe withRoom(buffer, size) { (room) throws(Failure) in try SwiftEngine.receive(socket, into: &room) }
    }
  }
}

@c @implementation
public func ipc_send(_ socket: CInt, _ bytes: UnsafeRawPointer, _ length: Int, _ more: Bool) -> Int {
  count { () throws(Failure) in
    try lend(socket) { (socket) throws(Failure) in
      try unsafe withSpan(bytes, length) { (bytes) throws(Failure) in
        try SwiftEngine.send(socket, bytes, more: more)
      }
    }
  }
}

@c @implementation
public func ipc_read(_ descriptor: CInt, _ buffer: UnsafeMutableRawPointer, _ size: Int) -> Int {
  count { () throws(Failure) in
    try unsafe withRoom(buffer, size) { (room) throws(Failure) in
      try SwiftEngine.read(FileDescriptor(rawValue: descriptor), into: &room)
    }
  }
}

@c @implementation
public func ipc_write(_ descriptor: CInt, _ bytes: UnsafeRawPointer, _ length: Int) -> Int {
  count { () throws(Failure) in
    try unsafe withSpan(bytes, length) { (bytes) throws(Failure) in
      try SwiftEngine.write(FileDescriptor(rawValue: descriptor), bytes)
    }
    return length
  }
}

@c @implementation
public func ipc_open_writer(_ descriptor: CInt) -> CInt {
  number { () throws(Failure) in try SwiftEngine.openWriter(FileDescriptor(rawValue: descriptor)) }
}

@c @implementation
public func ipc_write_some(_ descriptor: CInt, _ bytes: UnsafeRawPointer, _ length: Int) -> Int {
  count { () throws(Failure) in
    try unsafe withSpan(bytes, length) { (bytes) throws(Failure) in
      try SwiftEngine.writeSome(FileDescriptor(rawValue: descriptor), bytes)
    }
  }
}

@c @implementation
public func ipc_wait(_ descriptor: CInt, _ events: CInt, _ stop: CInt, _ timeout_ms: CInt) -> CInt {
  let ready = count { () throws(Failure) in
    let ready = try SwiftEngine.wait(
      FileDescriptor(rawValue: descriptor), for: Readiness(rawValue: events), stop: lent(stop),
      timeout: timeout(timeout_ms))
    return Int(ready.rawValue)
  }
  return CInt(ready)
}

@c @implementation
public func ipc_half_close(_ socket: CInt) -> CInt {
  status { () throws(Failure) in
    try lend(socket) { (socket) throws(Failure) in try SwiftEngine.halfClose(socket) }
  }
}

@c @implementation
public func ipc_close(_ descriptor: CInt) -> CInt {
  status { () throws(Failure) in try SwiftEngine.close(Descriptor(owning: descriptor)) }
}
