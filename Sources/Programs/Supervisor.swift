internal import ArgumentParser
internal import IPC
internal import SystemPackage

/// A supervisor, such as systemd, that started this server: it may pass listeners, or a client that it has accepted
/// (sd_listen_fds(3), inetd(8)), and may ask for notifications (sd_notify(3)).
struct Supervisor<E: Engine> {
  /// The first descriptor that a supervisor passes, SD_LISTEN_FDS_START.
  static var firstListener: CInt { 3 }
  private static var rule: String {
    "a supervisor must pass stream sockets that listen, or a single one that is connected"
  }

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
  func validate(address: [String], backlog: Int?, isInetd: Bool) throws {
    guard !isInetd || address.isEmpty else {
      throw ValidationError("--inetd: the client is standard input, so give no address")
    }
    guard let listenerCount else { return }
    guard !isInetd else {
      throw ValidationError("--inetd and LISTEN_FDS=\(listenerCount) exclude each other: both pass the client")
    }
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

  /// Adopts what the supervisor passes, before another descriptor could get its number. Returns nil if that is nothing.
  func adopt(isInetd: Bool, _ options: ListenOptions, _ diagnostics: Diagnostics<E>) throws -> Server? {
    if isInetd { return try adoptStandardInput(options, diagnostics) }
    guard let count else { return nil }
    let names = ProcessEnvironment.variable("LISTEN_FDNAMES")?.split(separator: ":", omittingEmptySubsequences: false)
    return try adopt(0..<count, of: count, names ?? [], options, diagnostics)
  }

  private func adopt(
    _ indices: Range<Int>, of count: Int, _ names: [Substring], _ options: ListenOptions, _ diagnostics: Diagnostics<E>
  ) throws -> Server {
    let index = indices.lowerBound
    let number = Self.firstListener + CInt(index)
    let name = names.indices.contains(index) ? " (\(names[index]))" : ""
    let subject = "LISTEN_FDS, descriptor \(number)\(name)"
    var server: Server
    do throws(Failure) {
      server = try E.adoptServer(Descriptor(owning: number), options)
    } catch {
      throw report(subject, error.cause, diagnostics)
    }
    if server.isConnected, count > 1 { throw report(subject, .system(.socketIsConnected), diagnostics) }
    if indices.count > 1 { server.next = .init(try adopt(indices.dropFirst(), of: count, names, options, diagnostics)) }
    return server
  }

  /// Moves the socket to another number, so that only the server keeps the connection open.
  private func adoptStandardInput(_ options: ListenOptions, _ diagnostics: Diagnostics<E>) throws -> Server {
    do throws(Failure) {
      let copy: FileDescriptor
      do { copy = try FileDescriptor.standardInput.duplicate() } catch {
        throw Failure(.listen, .system(error as? Errno ?? .badFileDescriptor))
      }
      let server = try E.adoptServer(Descriptor(owning: copy.rawValue), options)
      ProcessEnvironment.discard(.standardInput)
      return server
    } catch {
      let isNoSocket = [Cause.system(.notSocket), .system(.badFileDescriptor)].contains(error.cause)
      guard isNoSocket else { throw report("--inetd, standard input", error.cause, diagnostics) }
      let reason =
        "it is closed or no socket: start the server by inetd, xinetd or systemd, which pass the client there"
      diagnostics.reportError("Could not listen", of: "--inetd, standard input", reason)
      throw ExitCode.failure
    }
  }

  private func report(_ subject: String, _ cause: Cause, _ diagnostics: Diagnostics<E>) -> ExitCode {
    let isWrong = [.notSocket, .socketTypeNotSupported, .invalidArgument, .badFileDescriptor, .socketIsConnected]
      .contains { cause == .system($0) }
    diagnostics.reportError(
      isWrong ? "Could not listen" : "Could not accept", of: subject,
      E.text(of: cause) + (isWrong ? ": \(Self.rule)" : ""))
    return .failure
  }

  /// Discards standard output and standard error if they are the socket that a supervisor passes: only the service may
  /// send to a client. To be called before anything is printed.
  func protectClient(_ arguments: [String]) {
    let passed: FileDescriptor
    if arguments.contains("--inetd") {
      passed = .standardInput
    } else if passesListeners {
      passed = FileDescriptor(rawValue: Self.firstListener)
    } else {
      return
    }
    for output in [FileDescriptor.standardOutput, .standardError] {
      if ProcessEnvironment.isSameSocket(output, passed) { ProcessEnvironment.discard(output) }
    }
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
