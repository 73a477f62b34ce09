// Part of the bridge to C; Bridge.swift explains why it is sound. The memory stays mapped, as `SharedMemory` requires.
internal import CIPC
internal import IPC

extension Ring {
  init(_ c: ipc_ring, in memory: SharedMemory) {
    unsafe self.init(
      memory, capacity: c.capacity, side: c.side == 0 ? .first : .second, sent: c.sent, taken: c.taken,
      received: c.received, filled: c.filled, isHalfClosed: c.half_closed != 0, spins: c.spins)
  }

  /// Lets C change it.
  @safe fileprivate mutating func withC<R>(_ body: (UnsafeMutablePointer<ipc_ring>) -> R) -> R {
    var c = unsafe self.c
    defer {
      unsafe (sent, taken, received, filled, isHalfClosed) = (c.sent, c.taken, c.received, c.filled, c.half_closed != 0)
    }
    return unsafe body(&c)
  }

  fileprivate var c: ipc_ring {
    unsafe ipc_ring(
      memory: memory.base, capacity: capacity, side: UInt32(side.rawValue), sent: sent, taken: taken,
      received: received, filled: filled, half_closed: isHalfClosed ? 1 : 0, spins: spins)
  }
}

// MARK: Functions

func ipc_ring_prepare(_ memory: SharedMemory, _ capacity: Int) -> CInt {
  unsafe CIPC.ipc_ring_prepare(memory.base, memory.size, capacity)
}

func ipc_ring_open(_ memory: SharedMemory, _ side: CInt, _ ring: inout Ring?) -> CInt {
  var c = unsafe ipc_ring(
    memory: memory.base, capacity: 0, side: 0, sent: 0, taken: 0, received: 0, filled: 0, half_closed: 0, spins: 0)
  let result = unsafe CIPC.ipc_ring_open(memory.base, memory.size, side, &c)
  ring = unsafe Ring(c, in: memory)
  return result
}

func ipc_ring_receive(_ ring: inout Ring, _ buffer: inout MutableSpan<UInt8>) -> Int {
  buffer.withPointer { bytes, count in ring.withC { unsafe CIPC.ipc_ring_receive($0, bytes, count) } }
}

func ipc_ring_send(_ ring: inout Ring, _ bytes: Span<UInt8>) -> Int {
  bytes.withPointer { bytes, count in ring.withC { unsafe CIPC.ipc_ring_send($0, bytes, count) } }
}

func ipc_ring_wait(_ ring: inout Ring, _ events: CInt, _ timeout: CInt) -> CInt {
  ring.withC { unsafe CIPC.ipc_ring_wait($0, events, timeout) }
}

func ipc_ring_wake(_ ring: borrowing Ring, _ events: CInt) -> CInt {
  var c = unsafe ring.c
  return unsafe CIPC.ipc_ring_wake(&c, events)
}

func ipc_ring_half_close(_ ring: inout Ring) -> CInt { ring.withC { unsafe CIPC.ipc_ring_half_close($0) } }

func ipc_ring_close(_ ring: inout Ring) -> CInt { ring.withC { unsafe CIPC.ipc_ring_close($0) } }
