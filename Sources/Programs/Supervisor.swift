internal import ArgumentParser
internal import IPC
internal import SystemPackage

/// A supervisor, such as systemd, that started this server: it may pass listeners (sd_listen_fds(3)) and may ask for
/// notifications (sd_notify(3)).
struct Supervisor<E: Engine> {
  /// The first descriptor that a supervisor passes, SD_LISTEN_FDS_START.
  private let firstListener: CInt = 3

  private let notifySocket = ProcessEnvironment.variable("NOTIFY_SOCKET")

  /// LISTEN_FDS, or nil if LISTEN_PID says that it is meant for another process.
  let listenerCount =
    ProcessEnvironment.variable("LISTEN_PID").flatMap { CInt($0) } == ProcessEnvironment.processIdentifier
    ? ProcessEnvironment.variable("LISTEN_FDS") : nil

  /// Whether the server uses the supervisor's listeners instead of an address.
  var passesListeners: Bool { listenerCount != nil }

  /// The number of listeners, if it is valid.
  private var count: Int? {
    guard let text = listenerCount, let count = Int(text), "\(count)" == text else { return nil }
    return 1...Limit.listeners ~= count ? count : nil
  }

  /// Requires a number of listeners that the server can serve, and then no address and no backlog.
  func validate(address: [String], backlog: Int?) throws {
    guard let listenerCount else { return }
    guard count != nil else {
      throw ValidationError("LISTEN_FDS=\(listenerCount): a supervisor must pass 1 to \(Limit.listeners) listeners")
    }
    guard address.isEmpty else {
      throw ValidationError("LISTEN_FDS=\(listenerCount): the supervisor listens, so give no address")
    }
    guard backlog == nil else {
      throw ValidationError("LISTEN_FDS=\(listenerCount): the supervisor listens, so give no --backlog")
    }
  }

  /// Adopts the supervisor's listeners, before another descriptor could get their numbers. Returns nil if there are none.
  func adopt(_ options: ListenOptions, _ diagnostics: Diagnostics<E>) throws -> Server? {
    guard let count else { return nil }
    let names = ProcessEnvironment.variable("LISTEN_FDNAMES")?.split(separator: ":", omittingEmptySubsequences: false)
    return try adopt(0..<count, names ?? [], options, diagnostics)
  }

  private func adopt(
    _ indices: Range<Int>, _ names: [Substring], _ options: ListenOptions, _ diagnostics: Diagnostics<E>
  ) throws -> Server {
    let index = indices.lowerBound
    let number = firstListener + CInt(index)
    var server: Server
    do throws(Failure) {
      server = try E.adoptServer(Descriptor(owning: number), options)
    } catch {
      let name = names.indices.contains(index) ? " (\(names[index]))" : ""
      diagnostics.reportError(
        "Could not listen", of: "LISTEN_FDS, descriptor \(number)\(name)",
        "\(E.text(of: error.cause)): a supervisor must pass stream sockets that listen")
      throw ExitCode.failure
    }
    if indices.count > 1 { server.next = .init(try adopt(indices.dropFirst(), names, options, diagnostics)) }
    return server
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
