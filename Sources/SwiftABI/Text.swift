// Text for a terminal: `include/ipc/text.h`.
internal import IPC
internal import IPCContract
internal import SwiftEngine
internal import SystemPackage

/// Writes text to C; returns its length.
private func write(_ shown: [UInt8], to text: UnsafeMutablePointer<CChar>, _ size: Int) -> Int {
  unsafe shown.copy(to: text, size) ?? -Int(Errno.noSpace.rawValue)
}

@c @implementation
public func ipc_vis(
  _ bytes: UnsafeRawPointer, _ length: Int, _ text: UnsafeMutablePointer<CChar>, _ size: Int
) -> Int {
  let shown = unsafe withSpan(bytes, length) { SwiftEngine.vis($0) }
  return unsafe write(shown, to: text, size)
}

@c @implementation
public func ipc_message_text(
  _ message: UnsafeRawPointer, _ length: Int, _ text: UnsafeMutablePointer<CChar>, _ size: Int
) -> Int {
  let shown = unsafe withSpan(message, length) { SwiftEngine.messageText($0) }
  return unsafe write(shown, to: text, size)
}
