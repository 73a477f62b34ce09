internal import CLinux
internal import Glibc

/// Flags of socket(2), accept4(2) and send(2).
enum SocketFlags {
  static let stream = CInt(SOCK_STREAM.rawValue)
  static let closeOnExec = CInt(SOCK_CLOEXEC.rawValue)
  static let nonBlocking = CInt(SOCK_NONBLOCK.rawValue)
  static let noSignal = CInt(MSG_NOSIGNAL)
  static let more = CInt(MSG_MORE)
  static let dontWait = CInt(MSG_DONTWAIT)
}
