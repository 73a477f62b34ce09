internal import ArgumentParser
internal import IPC
internal import SystemPackage

/// What a supervisor hands on, and wants to be told: systemd's protocol, which others speak too.
struct Supervisor<E: Engine> {
  /// Descriptors that a supervisor hands on start here: SD_LISTEN_FDS_START of sd_listen_fds(3).
  let firstListener: CInt = 3

  private let notifySocket = Host.environment("NOTIFY_SOCKET")

  /// LISTEN_FDS, if LISTEN_PID says that it is meant for this process, and not for one before it.
  let count =
    Host.environment("LISTEN_PID").flatMap { CInt($0) } == Host.processIdentifier
    ? Host.environment("LISTEN_FDS") : nil

  /// There is a listener to adopt, instead of an address to open.
  var handsOn: Bool { count != nil }

  /// One listener, and then no address; or an error that tells it.
  func validate(address: [String]) throws {
    guard let count else { return }
    guard count == "1" else {
      throw ValidationError("LISTEN_FDS=\(count): a supervisor hands on one listener")
    }
    guard address.isEmpty else {
      throw ValidationError("LISTEN_FDS=1: a supervisor hands on a listener, so give no address")
    }
  }

  func listener() throws(Failure) -> Server {
    try E.adoptServer(Descriptor(owning: firstListener))
  }

  /// sd_notify(3). A supervisor that does not listen is no reason not to serve.
  func notify(_ state: String) {
    guard let notifySocket else { return }
    try? E.notify(Array(notifySocket.utf8), Array(state.utf8))
  }
}
