internal import ArgumentParser
internal import IPC
internal import SystemPackage

/// A supervisor, such as systemd, that started this server: it may pass a listener (sd_listen_fds(3)) and may ask for
/// notifications (sd_notify(3)).
struct Supervisor<E: Engine> {
  /// The first descriptor that a supervisor passes, SD_LISTEN_FDS_START.
  let firstListener: CInt = 3

  private let notifySocket = ProcessEnvironment.variable("NOTIFY_SOCKET")

  /// LISTEN_FDS, or nil if LISTEN_PID says that it is meant for another process.
  let listenerCount =
    ProcessEnvironment.variable("LISTEN_PID").flatMap { CInt($0) } == ProcessEnvironment.processIdentifier
    ? ProcessEnvironment.variable("LISTEN_FDS") : nil

  /// Whether the server uses the supervisor's listener instead of an address.
  var passesListener: Bool { listenerCount != nil }

  /// Requires exactly one listener, and then no address and no backlog.
  func validate(address: [String], backlog: Int?) throws {
    guard let listenerCount else { return }
    guard listenerCount == "1" else {
      throw ValidationError("LISTEN_FDS=\(listenerCount): a supervisor must pass exactly one listener")
    }
    guard address.isEmpty else {
      throw ValidationError("LISTEN_FDS=1: the supervisor passes a listener, so give no address")
    }
    guard backlog == nil else {
      throw ValidationError("LISTEN_FDS=1: the supervisor passes a listener with its backlog, so give no --backlog")
    }
  }

  func listener(_ options: ListenOptions) throws(Failure) -> Server {
    try E.adoptServer(Descriptor(owning: firstListener), options)
  }

  /// sd_notify(3). A supervisor that reads too slowly is reported. Other errors are ignored: the server also works
  /// without a supervisor that listens.
  func notify(_ state: String, _ diagnostics: Diagnostics<E>) {
    guard let notifySocket else { return }
    do throws(Failure) {
      try E.notify(Array(notifySocket.utf8), Array(state.utf8))
    } catch {
      guard error.cause == .system(.resourceTemporarilyUnavailable) else { return }
      diagnostics.warn("NOTIFY_SOCKET", "\(state) not sent", error.cause)
    }
  }
}
