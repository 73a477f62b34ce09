// Signals as descriptors: `include/ipc/signals.h`.
internal import IPC
internal import IPCContract
internal import SwiftEngine

@c @implementation
public func ipc_ignore_write_signals() -> CInt {
  status { () throws(Failure) in try SwiftEngine.ignoreWriteSignals() }
}

@c @implementation
public func ipc_stop_signals() -> CInt { number { () throws(Failure) in try SwiftEngine.stopSignals() } }

@c @implementation
public func ipc_status_signals() -> CInt { number { () throws(Failure) in try SwiftEngine.statusSignals() } }
