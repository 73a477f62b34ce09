// The server's steps: bind, listen, accept; and all of them up to a socket that listens.
internal import CLinux
internal import Glibc
public import IPC
internal import SystemPackage

extension SwiftEngine {
  public static func bind(_ socket: borrowing Descriptor, to endpoint: Endpoint) throws(Failure) {
    let (number, on) = (socket.number, CInt(1))
    let address = try Address(endpoint, for: .bind)
    if case .tcp = endpoint {
      try check(.bind, System.setOption(number, SOL_SOCKET, SO_REUSEADDR, on))
    }
    if address.family == AF_INET6 {
      try check(.bind, System.setOption(number, CInt(IPPROTO_IPV6), IPV6_V6ONLY, on))
    }
    if case .unix = endpoint {  // Linux makes the file with the socket's own mode: never public
      try check(.bind, System.setMode(number, S_IRUSR | S_IWUSR))
    }
    try check(.bind, System.bind(number, address))
  }

  public static func listen(_ socket: borrowing Descriptor, backlog: Int) throws(Failure) {
    try check(.listen, System.listen(socket.number, CInt(clamping: backlog)))
  }

  public static func accept(_ listener: borrowing Descriptor) throws(Failure) -> Connection? {
    var client = Client()
    guard let number = try ready(.accept, acceptClient(listener.number, &client)) else { return nil }
    let connection = Descriptor(owning: CInt(number))
    // An unnamed Unix client has no endpoint of its own; a client is not dropped for want of one.
    let peer = (try? client.endpoint(on: connection.number)) ?? (try? local(listener)) ?? .tcp(host: "", port: 0)
    return Connection(connection, to: peer)
  }

  /// As `accept`, with the contract's result.
  static func acceptClient(_ listener: CInt, _ client: inout Client) -> Int {
    var result: Int
    repeat { result = System.accept(listener, &client) } while isClients(result)
    return result
  }

  /// Errors of accept(2) that tell of a client that is gone, or of its network, not of the listener.
  private static func isClients(_ result: Int) -> Bool {
    switch CInt(clamping: -result) {
    case ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, ENETUNREACH: true
    default: false
    }
  }

  public static func openServer(
    _ candidates: [Endpoint], backlog: Int, observer: Observer?
  ) throws(Failure) -> Server {
    var last = Failure(.bind, .addressNotAvailable)
    for candidate in candidates {
      do {
        return try openOne(candidate, backlog: backlog, observer: observer)
      } catch {
        last = error
      }
    }
    throw last
  }

  private static func openOne(
    _ candidate: Endpoint, backlog: Int, observer: Observer?
  ) throws(Failure) -> Server {
    let socket = try createTold(for: candidate, observer: observer)
    var file: Server.File?
    let endpoint: Endpoint
    do {
      file = try bindOrReplace(socket, to: candidate)
      endpoint = try local(socket)
    } catch {
      remove(file, of: candidate)
      throw observer.tell(.bind, on: socket.number, failed: error.cause, endpoint: candidate)
    }
    observer.tell(.bind, on: socket.number, endpoint: endpoint)
    do {
      try listen(socket, backlog: backlog)
    } catch {
      remove(file, of: endpoint)
      _ = observer.tell(.listen, on: socket.number, failed: error.cause, endpoint: endpoint)
      throw Failure(.listen, error.cause, at: candidate)
    }
    observer.tell(.listen, on: socket.number, count: max(0, Int(CInt(clamping: backlog))), endpoint: endpoint)
    return Server(socket, at: endpoint, backlog: backlog, file: file)
  }

  static func createTold(for candidate: Endpoint, observer: Observer?) throws(Failure) -> Descriptor {
    do {
      let socket = try create(for: candidate)
      observer.tell(.create, on: socket.number, endpoint: candidate)
      return socket
    } catch {
      throw observer.tell(.create, on: -1, failed: error.cause, endpoint: candidate)
    }
  }

  public static func adoptServer(_ descriptor: consuming Descriptor) throws(Failure) -> Server {
    let number = descriptor.number
    let type = try check(.listen, System.option(number, SO_TYPE))
    let listens = try check(.listen, System.option(number, SO_ACCEPTCONN))
    guard type == Int(Socket.stream) else { throw Failure(.listen, .system(Errno(rawValue: ESOCKTNOSUPPORT))) }
    guard listens != 0 else { throw Failure(.listen, .system(.invalidArgument)) }
    try check(.listen, System.setBlocking(number, false))
    try check(.listen, System.setCloseOnExec(number))
    let endpoint: Endpoint
    do { endpoint = try local(descriptor) } catch { throw Failure(.listen, error.cause) }
    if case .tcp = endpoint {  // a client's socket has it from the listener
      try check(.listen, System.setOption(number, CInt(IPPROTO_TCP), TCP_NODELAY, CInt(1)))
    }
    return Server(descriptor, at: endpoint, backlog: Int(SOMAXCONN), isLent: true, file: nil)
  }

  public static func close(_ server: consuming Server) throws(Failure) {
    // The file goes before the socket: while the socket lives, nobody replaces the file.
    remove(server.file, of: server.endpoint)
    try close(server.release())
  }
}

// MARK: The socket file

extension SwiftEngine {
  /// Binds; a file left over from a server that is gone is replaced. The file that was made.
  private static func bindOrReplace(_ socket: borrowing Descriptor, to endpoint: Endpoint) throws(Failure) -> Server
    .File?
  {
    guard case .unix(let path) = endpoint else {
      try bind(socket, to: endpoint)
      return nil
    }
    do {
      try bind(socket, to: endpoint)
    } catch {
      guard error.cause == .system(.addressInUse) else { throw error }
      try bindOverLeftover(socket, to: endpoint, path: path)
    }
    return file(at: path).map(\.identity)
  }

  private static func bindOverLeftover(
    _ socket: borrowing Descriptor, to endpoint: Endpoint, path: [UInt8]
  ) throws(Failure) {
    let lock = try lockFolder(of: path)
    guard isLeftOver(endpoint, path: path) else { throw Failure(.bind, .addressInUse) }
    try check(.bind, System.unlink(path))
    try bind(socket, to: endpoint)
    _ = consume lock
  }

  /// A lock on the folder that holds the path, so that of two servers that find the same leftover only one replaces it.
  private static func lockFolder(of path: [UInt8]) throws(Failure) -> Descriptor {
    let (tries, pause) = (100, Duration.milliseconds(10))
    let slash = path.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { $0 == 0 ? path[...0] : path[..<$0] } ?? [UInt8(ascii: ".")]
    let lock = Descriptor(owning: CInt(try check(.bind, System.openFolder(Array(folder)))))
    var result = System.tryLock(lock.number)
    for _ in 0..<tries where result < 0 {
      // Whoever holds it is about to bind; a lock can't be polled for.
      _ = try? wait(on: -1, for: [], stop: nil, until: Deadline(after: pause))
      result = System.tryLock(lock.number)
    }
    try check(.bind, result == -Int(EWOULDBLOCK) ? -Int(EADDRINUSE) : result)
    return lock
  }

  /// Whether the path is a socket of ours without a process behind it. It is asked by a datagram socket: to a live stream
  /// socket that is EPROTOTYPE, where a stream socket would be taken for a client, and use up a server that serves one.
  private static func isLeftOver(_ endpoint: Endpoint, path: [UInt8]) -> Bool {
    guard let file = file(at: path), file.isSocket, file.st_uid == geteuid(),
      let address = try? Address(endpoint, for: .bind)
    else { return false }
    let result = System.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | Socket.closeOnExec)
    guard result >= 0 else { return false }
    let probe = Descriptor(owning: CInt(result))
    return System.connect(probe.number, address) == -Int(ECONNREFUSED)
  }

  private static func remove(_ made: Server.File?, of endpoint: Endpoint) {
    guard let made, case .unix(let path) = endpoint, file(at: path)?.identity == made else { return }
    _ = System.unlink(path)
  }

  private static func file(at path: [UInt8]) -> stat? {
    var status = stat()
    return System.status(path, &status) == 0 ? status : nil
  }
}

extension stat {
  fileprivate var isSocket: Bool { st_mode & S_IFMT == S_IFSOCK }

  fileprivate var identity: Server.File { Server.File(device: UInt64(st_dev), inode: UInt64(st_ino)) }
}
