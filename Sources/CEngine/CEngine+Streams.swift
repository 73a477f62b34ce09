internal import CIPC
public import IPC
public import SystemPackage

extension CEngine {
  public static func create(for endpoint: Endpoint) throws(Failure) -> Descriptor {
    Descriptor(owning: try check(.create, ipc_create(endpoint.c)))
  }

  public static func receive(_ socket: borrowing Descriptor, into buffer: inout MutableSpan<UInt8>) throws(Failure)
    -> Int?
  {
    try ready(.receive, ipc_receive(socket.number, &buffer))
  }

  public static func send(_ socket: borrowing Descriptor, _ bytes: Span<UInt8>, more: Bool) throws(Failure) -> Int? {
    try ready(.send, ipc_send(socket.number, bytes, more))
  }

  public static func read(_ descriptor: FileDescriptor, into buffer: inout MutableSpan<UInt8>) throws(Failure) -> Int? {
    try ready(.input, ipc_read(descriptor.rawValue, &buffer))
  }

  public static func write(_ descriptor: FileDescriptor, _ bytes: Span<UInt8>) throws(Failure) {
    try check(.output, ipc_write(descriptor.rawValue, bytes))
  }

  public static func openWriter(_ descriptor: FileDescriptor) throws(Failure) -> Descriptor {
    Descriptor(owning: try check(.output, ipc_open_writer(descriptor.rawValue)))
  }

  public static func writeSome(_ descriptor: FileDescriptor, _ bytes: Span<UInt8>) throws(Failure) -> Int? {
    try ready(.output, ipc_write_some(descriptor.rawValue, bytes))
  }

  public static func wait(
    _ descriptor: FileDescriptor, for events: Readiness, stop: FileDescriptor?, timeout: Duration?
  ) throws(Failure) -> Readiness {
    let stop = stop?.rawValue ?? -1
    let timeout = timeout?.milliseconds ?? -1
    return Readiness(rawValue: try check(.wait, ipc_wait(descriptor.rawValue, events.rawValue, stop, timeout)))
  }

  public static func halfClose(_ socket: borrowing Descriptor) throws(Failure) {
    try check(.halfClose, ipc_half_close(socket.number))
  }

  public static func close(_ descriptor: consuming Descriptor) throws(Failure) {
    try check(.close, ipc_close(descriptor.release()))
  }
}
