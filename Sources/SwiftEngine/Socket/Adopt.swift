// Sockets that a supervisor passes to a server: listeners, or one that is connected to a client.
internal import Glibc
public import IPC
internal import SystemPackage

extension SwiftEngine {
  /// Sets what a client of a supervisor's listener lacks, on the listener or on a client.
  private static func setClientOptions(_ socket: CInt, at endpoint: Endpoint, keepAlive: Duration) throws(Failure) {
    guard case .tcp = endpoint else { return }
    try setOption(socket, CInt(IPPROTO_TCP), TCP_NODELAY, for: .listen)
    try setKeepalive(socket, keepAlive)
  }

  /// Gets the address of the client to which a socket is connected. After a reset it is not, but has the error.
  private static func findClient(_ socket: CInt, _ client: inout ClientAddress) -> Int {
    let result = System.peer(socket, &client)
    guard result == -Int(ENOTCONN) else { return result }
    let pending = System.option(socket, SOL_SOCKET, SO_ERROR)
    return pending > 0 ? -pending : -Int(EINVAL)
  }

  /// Gets where a socket listens. The endpoint of a connected Unix socket without a name, as socketpair(2) makes it, has
  /// an empty path.
  private static func setEndpoint(_ socket: borrowing Descriptor, isConnected: Bool) throws(Failure) -> Endpoint {
    do { return try local(socket) } catch {
      if isConnected, error.cause == .system(.socketNotConnected) { return .unix(path: []) }
      throw Failure(.listen, error.cause)
    }
  }

  /// As `adoptServer`, but borrows the socket. Returns its endpoint, and whether it is connected to a client.
  package static func adopt(
    _ socket: borrowing Descriptor, keepAlive: Duration
  ) throws(Failure) -> (endpoint: Endpoint, isConnected: Bool) {
    let number = socket.number
    let type = try option(number, SOL_SOCKET, SO_TYPE, for: .listen)
    let listens = try option(number, SOL_SOCKET, SO_ACCEPTCONN, for: .listen) != 0
    guard type == Int(SocketFlags.stream) else { throw Failure(.listen, .system(Errno(rawValue: ESOCKTNOSUPPORT))) }
    var client = ClientAddress()
    if !listens { try check(.listen, findClient(number, &client)) }
    try setBlocking(number, false, for: .listen)
    try check(.listen, System.setCloseOnExec(number))
    let endpoint = try setEndpoint(socket, isConnected: !listens)
    try setClientOptions(number, at: endpoint, keepAlive: keepAlive)  // accepted sockets inherit them
    return (endpoint, !listens)
  }

  public static func adoptServer(
    _ descriptor: consuming Descriptor, _ options: ListenOptions
  ) throws(Failure) -> Server {
    let (endpoint, isConnected) = try adopt(descriptor, keepAlive: options.keepAlive)
    return Server(
      descriptor, at: endpoint, backlog: Int(SOMAXCONN), keepAlive: options.keepAlive, isLent: true,
      isConnected: isConnected, file: nil)
  }

  /// Sets the options of a client that has connected to a supervisor's socket before `adoptServer`: it did not inherit
  /// them.
  static func prepareClient(of listener: Listener, _ client: CInt) {
    guard listener.isLent, !listener.isConnected else { return }
    try? setClientOptions(client, at: listener.endpoint, keepAlive: listener.keepAlive)
  }

  /// Returns a copy of a connected server's descriptor, and gets the client's address as the kernel has it; or a
  /// negated errno, such as that of a client that has reset the connection.
  static func client(of listener: Listener, _ client: inout ClientAddress) -> Int {
    let result = findClient(listener.number, &client)
    return result < 0 ? result : System.duplicate(listener.number, atLeast: 0)
  }
}
