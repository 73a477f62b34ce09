internal import IPC
internal import SystemPackage

/// What a supervisor hands on, and wants to be told: systemd's protocol, which others speak too.
struct Supervisor<E: Engine> {
  /// Descriptors that a supervisor hands on start here: SD_LISTEN_FDS_START of sd_listen_fds(3).
  static var firstListener: CInt { 3 }

  private let notifySocket = Host.environment("NOTIFY_SOCKET")

  /// How many listeners were handed on to this process, and not to one before it: LISTEN_FDS, LISTEN_PID.
  var listeners: Int {
    guard Host.environment("LISTEN_PID").flatMap({ CInt($0) }) == Host.processIdentifier else { return 0 }
    return Host.environment("LISTEN_FDS").flatMap { Int($0) } ?? 0
  }

  func listener() throws(Failure) -> Server {
    try E.adoptServer(Descriptor(owning: Self.firstListener))
  }

  /// sd_notify(3). A supervisor that does not listen is no reason not to serve.
  func notify(_ state: String) {
    guard let notifySocket else { return }
    try? E.notify(Array(notifySocket.utf8), Array(state.utf8))
  }
}
