// The supervisor: `include/ipc/supervisor.h`.
internal import IPC
internal import IPCContract
internal import SwiftEngine

@c @implementation
public func ipc_notify(
  _ path: UnsafePointer<CChar>, _ path_length: Int, _ state: UnsafePointer<CChar>, _ state_length: Int
) -> CInt {
  status { () throws(Failure) in
    try unsafe SwiftEngine.notify(Array(path, path_length), Array(state, state_length))
  }
}
