// Rings: `include/ipc/ring.h`. C owns the handle, so each call takes it from C and returns it.
internal import IPC
public import IPCContract
internal import SwiftEngine
internal import SystemPackage

extension ipc_ring {
  /// The memory stays mapped as long as C uses the handle. ipc_ring_open() has checked its size.
  fileprivate var swift: Ring {
    unsafe Ring(
      SharedMemory(memory, size: RingLayout.header + 2 * Int(capacity)), capacity: capacity,
      side: side == 0 ? .first : .second, sent: sent, taken: taken, received: received, filled: filled,
      isHalfClosed: half_closed != 0, spins: spins)
  }

  fileprivate init(_ ring: borrowing Ring) {
    unsafe self.init(
      memory: ring.memory.base, capacity: ring.capacity, side: UInt32(ring.side.rawValue), sent: ring.sent,
      taken: ring.taken, received: ring.received, filled: ring.filled, half_closed: ring.isHalfClosed ? 1 : 0,
      spins: ring.spins)
  }
}

/// Runs a step that may change the handle.
@inline(__always)
private func count(
  _ c: UnsafeMutablePointer<ipc_ring>, _ body: (inout Ring) throws(Failure) -> Int?
) -> Int {
  var ring = unsafe c.pointee.swift
  let result = count { () throws(Failure) in try body(&ring) }
  unsafe c.pointee = ipc_ring(ring)
  return result
}

@c @implementation
public func ipc_ring_size(_ capacity: Int) -> Int {
  count { () throws(Failure) in try SwiftEngine.ringSize(capacity: capacity) }
}

@c @implementation
public func ipc_ring_prepare(_ memory: UnsafeMutableRawPointer, _ size: Int, _ capacity: Int) -> CInt {
  status { () throws(Failure) in
    try unsafe SwiftEngine.prepareRing(SharedMemory(memory, size: size), capacity: capacity)
  }
}

@c @implementation
public func ipc_ring_open(
  _ memory: UnsafeMutableRawPointer, _ size: Int, _ side: CInt, _ ring: UnsafeMutablePointer<ipc_ring>
) -> CInt {
  guard let side = Ring.Side(rawValue: side) else { return -Errno.invalidArgument.rawValue }
  return status { () throws(Failure) in
    let opened = try unsafe SwiftEngine.openRing(SharedMemory(memory, size: size), as: side)
    unsafe ring.pointee = ipc_ring(opened)
  }
}

@c @implementation
public func ipc_ring_receive(
  _ ring: UnsafeMutablePointer<ipc_ring>, _ buffer: UnsafeMutableRawPointer, _ size: Int
) -> Int {
  unsafe count(ring) { (ring) throws(Failure) in
    try unsafe withRoom(buffer, size) { (room) throws(Failure) in try SwiftEngine.receive(&ring, into: &room) }
  }
}

@c @implementation
public func ipc_ring_send(_ ring: UnsafeMutablePointer<ipc_ring>, _ bytes: UnsafeRawPointer, _ length: Int) -> Int {
  unsafe count(ring) { (ring) throws(Failure) in
    try unsafe withSpan(bytes, length) { (bytes) throws(Failure) in try SwiftEngine.send(&ring, bytes) }
  }
}

@c @implementation
public func ipc_ring_wait(_ ring: UnsafeMutablePointer<ipc_ring>, _ events: CInt, _ timeout_ms: CInt) -> CInt {
  let ready = unsafe count(ring) { (ring) throws(Failure) in
    Int(try SwiftEngine.wait(&ring, for: Readiness(rawValue: events), timeout: timeout(timeout_ms)).rawValue)
  }
  return CInt(ready)
}

@c @implementation
public func ipc_ring_wake(_ ring: UnsafePointer<ipc_ring>, _ events: CInt) -> CInt {
  status { () throws(Failure) in
    try unsafe SwiftEngine.wake(ring.pointee.swift, for: Readiness(rawValue: events))
  }
}

@c @implementation
public func ipc_ring_half_close(_ ring: UnsafeMutablePointer<ipc_ring>) -> CInt {
  let result = unsafe count(ring) { (ring) throws(Failure) in
    try SwiftEngine.halfClose(&ring)
    return 0
  }
  return CInt(result)
}

/// The handle stays C's: its next send is EPIPE.
@c @implementation
public func ipc_ring_close(_ ring: UnsafeMutablePointer<ipc_ring>) -> CInt {
  let result = status { () throws(Failure) in try unsafe SwiftEngine.close(ring.pointee.swift) }
  unsafe ring.pointee.half_closed = 1
  return result
}
