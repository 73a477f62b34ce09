internal import CProcess
internal import Glibc
internal import SystemPackage

extension System {
  private static let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)

  /// Creates a non-blocking stream socket that sends small messages at once.
  static func socket(for address: SocketAddress) throws(Errno) -> CInt {
    let socket = CInt(try call { Glibc.socket(address.family, kind, 0) })
    if address.family != AF_UNIX { try? set(socket, CInt(IPPROTO_TCP), TCP_NODELAY, CInt(1)) }
    return socket
  }

  /// Starts to connect; true if the socket is connected at once.
  static func connect(_ socket: CInt, to address: SocketAddress) throws(Errno) -> Bool {
    while true {
      if unsafe address.withPointer({ unsafe Glibc.connect(socket, $0, $1) }) == 0 { return true }
      let error = Errno(rawValue: errno)
      if error == .nowInProgress { return false }
      if error != .interrupted { throw error }
    }
  }

  /// The result of connecting, once the socket is ready.
  static func pendingError(_ socket: CInt) -> Errno? {
    var (error, length) = (CInt(0), socklen_t(MemoryLayout<CInt>.size))
    guard unsafe getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) == 0 else { return Errno(rawValue: errno) }
    return error == 0 ? nil : Errno(rawValue: error)
  }

  static func bind(_ socket: CInt, to address: SocketAddress, reuse: Bool) throws(Errno) {
    if reuse, address.family != AF_UNIX { try set(socket, SOL_SOCKET, SO_REUSEADDR, CInt(1)) }
    try call { unsafe address.withPointer { unsafe Glibc.bind(socket, $0, $1) } }
  }

  static func listen(_ socket: CInt, backlog: Int) throws(Errno) {
    try call { Glibc.listen(socket, CInt(clamping: backlog)) }
  }

  /// Accepts a connection from the backlog; nil if it is empty.
  static func accept(_ listener: CInt) throws(Errno) -> CInt? {
    do throws(Errno) {
      let socket = CInt(try call { Glibc.accept(listener, nil, nil) })
      _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
      _ = fcntl(socket, F_SETFL, O_NONBLOCK)
      try? set(socket, CInt(IPPROTO_TCP), TCP_NODELAY, CInt(1))
      return socket
    } catch  where error == .wouldBlock || error == .connectionAbort {
      return nil
    }
  }

  /// The local port of a TCP socket; 0 for other sockets.
  static func port(of socket: CInt) -> Int {
    var address = SocketAddress()
    unsafe address.fill { unsafe getsockname(socket, $0, $1) }
    return address.port
  }

  /// Sends; returns the number of bytes accepted, or 0 if the buffer is full. The last byte of urgent data is sent out
  /// of band.
  static func send(_ socket: CInt, _ bytes: ArraySlice<UInt8>, urgent: Bool) throws(Errno) -> Int {
    let flags = CInt(MSG_NOSIGNAL) | (urgent ? CInt(MSG_OOB) : 0)
    do throws(Errno) {
      return try call { unsafe bytes.withUnsafeBytes { unsafe Glibc.send(socket, $0.baseAddress, $0.count, flags) } }
    } catch  where error == .wouldBlock {
      return 0
    }
  }

  /// Acknowledges received TCP data at once (TCP_QUICKACK).
  static func acknowledge(_ socket: CInt) { try? set(socket, CInt(IPPROTO_TCP), TCP_QUICKACK, CInt(1)) }

  /// Ends the sending direction.
  static func halfClose(_ socket: CInt) throws(Errno) { try call { shutdown(socket, CInt(SHUT_WR)) } }

  /// Closes with a reset (SO_LINGER of 0 seconds).
  static func reset(_ socket: CInt) {
    try? set(socket, SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
    close(socket)
  }

  /// Sets the receive buffer before a connection is made. The kernel doubles the size, and has a minimum.
  static func setReceiveWindow(_ socket: CInt, _ bytes: Int) throws(Errno) {
    try set(socket, SOL_SOCKET, SO_RCVBUF, CInt(clamping: bytes))
  }

  private static func set<Value: BitwiseCopyable>(
    _ socket: CInt, _ level: CInt, _ option: CInt, _ value: Value
  ) throws(Errno) {
    var value = value
    try call { unsafe setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<Value>.size)) }
  }
}
