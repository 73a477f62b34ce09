internal import CIPC
public import IPC

extension CEngine {
  public static func ignoreWriteSignals() throws(Failure) { try check(.output, ipc_ignore_write_signals()) }

  public static func stopSignals() throws(Failure) -> Descriptor {
    Descriptor(owning: try check(.wait, ipc_stop_signals()))
  }

  public static func statusSignals() throws(Failure) -> Descriptor {
    Descriptor(owning: try check(.wait, ipc_status_signals()))
  }

  public static func notify(_ path: [UInt8], _ state: [UInt8]) throws(Failure) {
    try check(.send, ipc_notify(path, state))
  }
}
