// The texts of errors: `include/ipc/error.h`.
internal import CLinux
internal import Glibc
internal import IPC
internal import IPCContract
internal import SwiftEngine
internal import SystemPackage

private let unknown: StaticString = "Unknown error"

extension StaticString {
  /// The text as C reads it: a literal is in the program's constants, and a NUL follows it.
  @safe fileprivate var c: UnsafePointer<CChar> {
    unsafe UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
  }
}

/// Every text is a constant of this library or of libc, so that it is never freed, and no call allocates.
@c @implementation
public func ipc_error_text(_ error: CInt) -> UnsafePointer<CChar> {
  switch Cause(code: 0 &- error) {  // wraps around, since the least error has no positive counterpart
  case .system(let errno):
    unsafe errno.rawValue > 0 ? strerrordesc_np(errno.rawValue) ?? unknown.c : unknown.c
  case .name(let code): unsafe gai_strerror(code)
  case .syntax(let error): SwiftEngine.syntaxText(error).c
  case .local(let error): SwiftEngine.localText(error).c
  }
}
