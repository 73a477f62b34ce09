// Sockets: listen, connect, and the loops that move all bytes.
import Glibc
public import Program

extension Ported {
  public static func listen(at address: String, port: String) throws(Failure) -> Socket {
    try openFirst(address, port, AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV)
  }

  public static func connect(to host: String, port: String) throws(Failure) -> Socket {
    try openFirst(host, port, AI_NUMERICSERV)
  }

  /// Opens the first address that works.
  private static func openFirst(_ host: String, _ port: String, _ flags: CInt) throws(Failure) -> Socket {
    var hints = unsafe addrinfo()
    unsafe (hints.ai_family, hints.ai_socktype, hints.ai_flags) = (AF_INET, CInt(SOCK_STREAM.rawValue), flags)
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, port, &hints, &list) == 0 else { throw Failure(code: ENOENT) }
    defer { unsafe freeaddrinfo(list) }
    var failure = Failure(code: ENOENT)
    var next = unsafe list
    while let address = unsafe next {
      do {
        return try unsafe openSocket(address.pointee, passive: flags & AI_PASSIVE != 0)
      } catch {
        failure = error
      }
      unsafe next = address.pointee.ai_next
    }
    throw failure
  }

  /// Creates a socket for one address, and either binds it or connects it. On an error the value closes it.
  private static func openSocket(_ address: addrinfo, passive: Bool) throws(Failure) -> Socket {
    let type = unsafe address.ai_socktype | CInt(SOCK_CLOEXEC.rawValue)
    let opened = Socket(owning: try once { unsafe socket(address.ai_family, type, 0) })
    let fd = opened.descriptor
    if passive {
      var on: CInt = 1
      _ = try once { unsafe setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<CInt>.size)) }
      _ = try once { unsafe bind(fd, address.ai_addr, address.ai_addrlen) }
      _ = try once { Glibc.listen(fd, 10) }
    } else {
      _ = try once { unsafe Glibc.connect(fd, address.ai_addr, address.ai_addrlen) }
    }
    return opened
  }

  static func accept(_ listener: borrowing Socket) throws(Failure) -> Socket {
    let fd = listener.descriptor
    while true {
      do {
        return Socket(owning: CInt(try retry { Int(Glibc.accept(fd, nil, nil)) }))
      } catch {
        if error.code != ECONNABORTED { throw error }
      }
    }
  }

  static func receive(_ descriptor: CInt, into buffer: inout MutableSpan<UInt8>) throws(Failure) -> Int {
    try unsafe buffer.withUnsafeMutableBytes { bytes throws(Failure) in
      try retry { unsafe read(descriptor, bytes.baseAddress, bytes.count) }
    }
  }

  static func sendAll(_ socket: borrowing Socket, _ bytes: Span<UInt8>) throws(Failure) {
    let descriptor = socket.descriptor
    try unsafe moveAll(bytes) { unsafe send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
  }

  static func writeAll(_ output: CInt, _ bytes: Span<UInt8>) throws(Failure) {
    try unsafe moveAll(bytes) { unsafe write(output, $0.baseAddress, $0.count) }
  }

  private static func moveAll(_ bytes: Span<UInt8>, _ move: (UnsafeRawBufferPointer) -> Int) throws(Failure) {
    var rest = bytes
    while !rest.isEmpty {
      let count = try unsafe rest.withUnsafeBytes { part throws(Failure) in try retry { unsafe move(part) } }
      rest = rest.extracting(droppingFirst: count)
    }
  }

  /// Receives up to a newline, the end, or `messageMax` bytes. Drops what follows the newline.
  static func receiveLine(_ descriptor: CInt) throws(Failure) -> [UInt8] {
    var line: [UInt8] = []
    while line.count < messageMax {
      var buffer = [UInt8](repeating: 0, count: messageMax - line.count)
      var room = buffer.mutableSpan
      let count = try receive(descriptor, into: &room)
      if count == 0 { break }
      let received = buffer[..<count]
      if let newline = received.firstIndex(of: UInt8(ascii: "\n")) { return line + received[...newline] }
      line += received
    }
    return line
  }

  /// Throws the errno of a call that fails. Nothing runs between the call and the read of errno.
  private static func once(_ call: () -> CInt) throws(Failure) -> CInt {
    let result = call()
    if result < 0 { throw Failure(code: errno) }
    return result
  }

  /// As `once`, and repeats an interrupted call.
  private static func retry(_ call: () -> Int) throws(Failure) -> Int {
    while true {
      let result = call()
      if result >= 0 { return result }
      let error = errno
      if error != EINTR { throw Failure(code: error) }
    }
  }
}
