// Part of the bridge to C; Bridge.swift explains why it is sound.
internal import CIPC
internal import IPC

func ipc_notify(_ path: [UInt8], _ state: [UInt8]) -> CInt {
  path.span.withPointer { path, pathCount in
    state.span.withPointer { state, count in unsafe CIPC.ipc_notify(path, pathCount, state, count) }
  }
}
