// Signals as errors and as a descriptor; and those to a supervisor.
internal import CLinux
internal import Glibc
public import IPC

extension SwiftEngine {
  public static func ignoreWriteSignals() throws(Failure) {
    try check(.output, System.ignore(SIGPIPE))
    try check(.output, System.ignore(SIGXFSZ))
  }

  /// A signal that was ignored stays so: a shell starts background jobs with SIGINT ignored, so that ^C spares them.
  public static func stopSignals() throws(Failure) -> Descriptor {
    Descriptor(owning: CInt(try check(.wait, System.signalDescriptor([SIGINT, SIGTERM]))))
  }

  public static func statusSignals() throws(Failure) -> Descriptor {
    Descriptor(owning: CInt(try check(.wait, System.signalDescriptor([SIGUSR1]))))
  }

  public static func notify(_ path: [UInt8], _ state: [UInt8]) throws(Failure) {
    let isAbstract = path.first == UInt8(ascii: "@")
    let address = try Address(isAbstract ? .abstract(name: Array(path.dropFirst())) : .unix(path: path), for: .send)
    let type = CInt(SOCK_DGRAM.rawValue) | Socket.closeOnExec
    let socket = Descriptor(owning: CInt(try check(.send, System.socket(AF_UNIX, type))))
    try check(.send, System.send(socket.number, state.span, to: address))
  }
}
