// Signals that a write would raise, and signals as descriptors.
internal import Glibc
public import IPC

extension SwiftEngine {
  public static func ignoreWriteSignals() throws(Failure) {
    try check(.output, System.ignore(SIGPIPE))
    try check(.output, System.ignore(SIGXFSZ))
  }

  /// A signal that was ignored stays ignored: a shell starts background jobs with SIGINT ignored, so that ^C spares
  /// them.
  private static func addUnlessIgnored(_ signal: CInt, to set: inout [CInt]) throws(Failure) {
    if try check(.wait, System.isIgnored(signal)) == 0 { set.append(signal) }
  }

  private static func catchSignals(_ signals: [CInt]) throws(Failure) -> Descriptor {
    var set: [CInt] = []
    for signal in signals { try addUnlessIgnored(signal, to: &set) }
    return Descriptor(owning: CInt(try check(.wait, System.signalDescriptor(set))))
  }

  public static func stopSignals() throws(Failure) -> Descriptor { try catchSignals([SIGINT, SIGTERM, SIGHUP]) }

  public static func statusSignals() throws(Failure) -> Descriptor { try catchSignals([SIGUSR1]) }
}
