// The server's steps: bind, listen, accept; and `openServer`, which combines them.
internal import CLinux
internal import Glibc
public import IPC
internal import SystemPackage

extension SwiftEngine {
  /// Encodes an endpoint for bind(2). `create` may have made an IPv4 socket for all addresses.
  private static func encode(_ socket: CInt, _ endpoint: Endpoint) throws(Failure) -> Address {
    if case .tcp(_, let port) = endpoint, endpoint.isWildcard,
      System.option(socket, SOL_SOCKET, SO_DOMAIN) == Int(AF_INET)
    {
      return try Address.encode(.tcp(host: "0.0.0.0", port: port), for: .bind)
    }
    return try Address.encode(endpoint, for: .bind)
  }

  public static func bind(_ socket: borrowing Descriptor, to endpoint: Endpoint) throws(Failure) {
    let number = socket.number
    let address = try encode(number, endpoint)
    if case .tcp = endpoint {
      try setOption(number, SOL_SOCKET, SO_REUSEADDR, for: .bind)
    }
    if address.family == AF_INET6 {
      try setOption(number, CInt(IPPROTO_IPV6), IPV6_V6ONLY, endpoint.isWildcard ? 0 : 1, for: .bind)
    }
    if case .unix = endpoint {  // Linux gives the file the socket's mode: it is never public
      try check(.bind, System.setMode(number, S_IRUSR | S_IWUSR))
    }
    try check(.bind, System.bind(number, address))
    if case .unix(let path) = endpoint { try SocketFile.restrict(path) }
  }

  /// Lets the kernel check a TCP client that sends nothing for so long, or not at all if it is zero. Sockets that a
  /// listener accepts inherit it.
  static func setKeepalive(_ socket: CInt, _ time: Duration) throws(Failure) {
    let seconds = CInt(clamping: time.components.seconds)
    let interval = min(seconds, CInt(Limit.keepAliveInterval.components.seconds))
    try setOption(socket, SOL_SOCKET, SO_KEEPALIVE, seconds > 0 ? 1 : 0, for: .listen)
    guard seconds > 0 else { return }
    try setOption(socket, CInt(IPPROTO_TCP), TCP_KEEPIDLE, seconds, for: .listen)
    try setOption(socket, CInt(IPPROTO_TCP), TCP_KEEPINTVL, interval, for: .listen)
    try setOption(socket, CInt(IPPROTO_TCP), TCP_KEEPCNT, CInt(Limit.keepAliveProbes), for: .listen)
  }

  public static func listen(_ socket: borrowing Descriptor, backlog: Int) throws(Failure) {
    try check(.listen, System.listen(socket.number, CInt(clamping: backlog)))
  }

  /// Returns whether accept(2) reports a client that is gone, or a failure of its network, rather than the listener's.
  private static func isClientError(_ result: Int) -> Bool {
    switch CInt(clamping: -result) {
    case ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, ENETUNREACH: true
    default: false
    }
  }

  /// As `accept`, but gets the client's address as the kernel has it, and returns a negated errno: the loop accepts
  /// many clients, and a failure is no exception there.
  static func acceptClient(_ listener: CInt, _ client: inout ClientAddress) -> Int {
    let skips = 64  // bounded: an error that stays must not keep the caller here
    var (result, skipped) = (0, 0)
    repeat {
      result = System.accept(listener, &client)
      skipped += 1
    } while isClientError(result) && skipped <= skips
    return result
  }

  public static func accept(_ listener: borrowing Descriptor) throws(Failure) -> Connection? {
    var client = ClientAddress()
    guard let number = try ready(.accept, acceptClient(listener.number, &client)) else { return nil }
    let connection = Descriptor(owning: CInt(number))
    // An unnamed Unix client has no endpoint of its own. No client is dropped because it has none.
    let peer = (try? client.endpoint(on: connection.number)) ?? (try? local(listener)) ?? .tcp(host: "", port: 0)
    return Connection(connection, to: peer)
  }

  private static func bindOrReplace(_ socket: borrowing Descriptor, to endpoint: Endpoint) throws(Failure) {
    guard case .unix(let path) = endpoint else { return try bind(socket, to: endpoint) }
    do {
      try bind(socket, to: endpoint)
    } catch {
      guard error.cause == .system(.addressInUse) else { throw error }
      try SocketFile.removeStale(path)
      try bind(socket, to: endpoint)
    }
  }

  private static func bindCandidate(
    _ socket: borrowing Descriptor, to candidate: Endpoint
  ) throws(Failure) -> (Endpoint, Server.File?) {
    try bindOrReplace(socket, to: candidate)
    let file = SocketFile.record(candidate)
    do {
      return (try local(socket), file)
    } catch {
      SocketFile.remove(file, of: candidate, socket.number)
      throw error
    }
  }

  private static func listenCandidate(
    _ socket: borrowing Descriptor, at endpoint: Endpoint, _ options: ListenOptions
  ) throws(Failure) {
    if case .tcp = endpoint { try setKeepalive(socket.number, options.keepAlive) }
    try listen(socket, backlog: options.backlog)
  }

  /// Sets the group, and then the mode, of a socket file that only its owner can use so far.
  private static func setAccess(_ endpoint: Endpoint, _ options: ListenOptions) throws(Failure) {
    let mode = options.mode ?? 0
    guard mode == 0 || (mode & 0o600 == 0o600 && mode <= 0o777) else {
      throw Failure(.listen, .system(.invalidArgument))
    }
    guard case .unix(let path) = endpoint else { return }
    if let group = options.group { try check(.listen, System.setGroup(path, group)) }
    if mode != 0 { do { try File.setMode(path, S_IFSOCK, mode) } catch { throw Failure(.listen, error) } }
  }

  private static func openCandidate(
    _ candidate: Endpoint, _ options: ListenOptions, observer: Observer?
  ) throws(Failure) -> Server {
    let socket = try createReported(for: candidate, observer: observer)
    let lock: SocketFile.Lock?
    let endpoint: Endpoint
    let file: Server.File?
    do { lock = try SocketFile.lock(candidate) } catch {
      throw observer.notify(.bind, on: socket.number, failed: error.cause, endpoint: candidate)
    }
    defer { SocketFile.unlock(lock) }
    do {
      (endpoint, file) = try bindCandidate(socket, to: candidate)
    } catch {
      throw observer.notify(.bind, on: socket.number, failed: error.cause, endpoint: candidate)
    }
    observer.notify(.bind, on: socket.number, endpoint: endpoint)
    do {
      try setAccess(endpoint, options)
      try listenCandidate(socket, at: endpoint, options)
    } catch {
      SocketFile.remove(file, of: endpoint, socket.number)
      _ = observer.notify(.listen, on: socket.number, failed: error.cause, endpoint: endpoint)
      throw Failure(.listen, error.cause, at: candidate)
    }
    observer.notify(.listen, on: socket.number, count: max(0, Int(CInt(clamping: options.backlog))), endpoint: endpoint)
    return Server(socket, at: endpoint, backlog: options.backlog, keepAlive: options.keepAlive, file: file)
  }

  public static func openServer(
    _ candidates: [Endpoint], _ options: ListenOptions, observer: Observer?
  ) throws(Failure) -> Server {
    var last = Failure(.bind, .addressNotAvailable)
    for candidate in candidates {
      do { return try openCandidate(candidate, options, observer: observer) } catch { last = error }
    }
    throw last
  }

  /// Opens another listener at the same endpoint: the kernel distributes clients among them (SO_REUSEPORT, socket(7)).
  /// The first listener gets that option only now, so that the kernel refused other servers at this port. Workers
  /// share a Unix socket by copies of its descriptor, so that the last one that stops accepting closes it. Returns nil
  /// for a socket that a supervisor lends: several workers use it.
  static func share(_ listener: Listener) throws(Failure) -> Descriptor? {
    if listener.isLent { return nil }
    do {
      guard case .tcp = listener.endpoint else {
        return Descriptor(owning: CInt(try check(.listen, System.duplicate(listener.number, atLeast: 0))))
      }
      try setOption(listener.number, SOL_SOCKET, SO_REUSEPORT, for: .listen)
      let share = try create(for: listener.endpoint)
      try setOption(share.number, SOL_SOCKET, SO_REUSEPORT, for: .listen)
      try bind(share, to: listener.endpoint)
      let options = ListenOptions(backlog: listener.backlog, keepAlive: listener.keepAlive)
      try listenCandidate(share, at: listener.endpoint, options)
      return share
    } catch {
      throw Failure(.listen, error.cause, at: listener.endpoint)
    }
  }

  /// Refuses clients from now on, and gives up the name: another server can listen there at once. `placeholder` is any
  /// descriptor that is not a socket; a copy of it replaces a Unix socket, so that the descriptor's number stays in use
  /// until the server is closed. Only closing frees an abstract name, and ends the wait of clients that found the
  /// backlog full. Clients that are still in the backlog are reset.
  static func refuse(_ listener: Listener, placeholder: borrowing Descriptor) {
    if case .tcp = listener.endpoint {
      _ = System.shutdown(listener.number, CInt(SHUT_RD))
    } else {
      SocketFile.remove(listener.file, of: listener.endpoint, listener.number)
      _ = System.duplicate(placeholder.number, onto: listener.number)
    }
  }

  public static func close(_ server: consuming Server) throws(Failure) {
    SocketFile.remove(server.file, of: server.endpoint, server.descriptor.number)
    let next = server.next?.take()
    var failure: Failure?
    do throws(Failure) { try close(server.release()) } catch { failure = error }
    if let next { try close(next) }
    if let failure { throw failure }
  }
}
