// Signals as errors and as a descriptor.
internal import Glibc
public import IPC

extension SwiftEngine {
  public static func ignoreSIGPIPE() throws(Failure) {
    try check(.output, System.ignore(SIGPIPE))
  }

  /// A signal that was ignored stays so: a shell starts background jobs with SIGINT ignored, so that ^C spares them.
  public static func stopSignals() throws(Failure) -> Descriptor {
    Descriptor(owning: CInt(try check(.wait, System.signalDescriptor([SIGINT, SIGTERM]))))
  }
}
