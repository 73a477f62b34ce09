// Mistakes of a porter, which `make swap` must find. Tests/swap/check.py chooses them with DIPTYCH_SWAP_FAULTS.
public import IPCContract

/// A reset counts as the end of the stream.
@c(faulty_ipc_receive)
public func faultyReceive(_ socket: CInt, _ buffer: UnsafeMutableRawPointer, _ size: Int) -> Int {
  let received = unsafe ipc_receive(socket, buffer, size)
  return received == -104 ? 0 : received
}

/// The length includes the final NUL.
@c(faulty_ipc_endpoint_format)
public func faultyFormat(
  _ endpoint: UnsafePointer<ipc_endpoint>, _ text: UnsafeMutablePointer<CChar>, _ size: Int
) -> CInt {
  let length = unsafe ipc_endpoint_format(endpoint, text, size)
  return length < 0 ? length : length + 1
}

/// A message without an end within the limit is not marked as cut.
@c(faulty_ipc_service_step)
public func faultyStep(
  _ service: UnsafePointer<ipc_service>, _ position: UInt64, _ input: UnsafeRawPointer, _ length: Int, _ ended: Bool,
  _ output: UnsafeMutableRawPointer, _ capacity: Int, _ result: UnsafeMutablePointer<ipc_service_result>
) {
  unsafe ipc_service_step(service, position, input, length, ended, output, capacity, result)
  unsafe result.pointee.cut = false
}
