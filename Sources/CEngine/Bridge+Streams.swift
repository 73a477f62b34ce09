// Part of the bridge to C; Bridge.swift explains why it is sound.
internal import CIPC
internal import IPC

func ipc_create(_ endpoint: ipc_endpoint) -> CInt {
  var endpoint = endpoint
  return unsafe CIPC.ipc_create(&endpoint)
}

func ipc_receive(_ socket: CInt, _ buffer: inout MutableSpan<UInt8>) -> Int {
  buffer.withPointer { unsafe CIPC.ipc_receive(socket, $0, $1) }
}

func ipc_send(_ socket: CInt, _ bytes: Span<UInt8>, _ more: Bool) -> Int {
  bytes.withPointer { unsafe CIPC.ipc_send(socket, $0, $1, more) }
}

func ipc_read(_ descriptor: CInt, _ buffer: inout MutableSpan<UInt8>) -> Int {
  buffer.withPointer { unsafe CIPC.ipc_read(descriptor, $0, $1) }
}

func ipc_write(_ descriptor: CInt, _ bytes: Span<UInt8>) -> Int {
  bytes.withPointer { unsafe CIPC.ipc_write(descriptor, $0, $1) }
}

func ipc_write_some(_ descriptor: CInt, _ bytes: Span<UInt8>) -> Int {
  bytes.withPointer { unsafe CIPC.ipc_write_some(descriptor, $0, $1) }
}
