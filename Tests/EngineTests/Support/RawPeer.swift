// The other end of a conversation, without either engine.
internal import IPC
internal import SystemPackage

/// A raw socket that is connected; no call on it waits longer than `patience`.
struct Peer: ~Copyable {
  let socket: Descriptor

  init(_ socket: consuming Descriptor) throws(Errno) {
    try Kernel.limit(socket, seconds: patience)
    self.socket = socket
  }

  init(to endpoint: Endpoint) throws(Errno) {
    let socket = try Kernel.socket(for: endpoint)
    try Kernel.limit(socket, seconds: patience)
    try Kernel.connect(socket, to: endpoint)
    self.socket = socket
  }

  /// All that a server says by itself.
  static func listen(to endpoint: Endpoint) throws(Errno) -> [UInt8] {
    let peer = try Peer(to: endpoint)
    return try peer.receiveToEnd()
  }

  func send(_ bytes: [UInt8]) throws(Errno) {
    var rest = bytes[...]
    while !rest.isEmpty { rest = rest.dropFirst(try Kernel.send(socket.number, rest)) }
  }

  func send(_ text: String) throws(Errno) { try send(Array(text.utf8)) }

  func halfClose() throws(Errno) { try Kernel.halfClose(socket.number) }

  /// That many bytes, or fewer where the end comes first.
  func receive(_ count: Int) throws(Errno) -> [UInt8] { try socket.readAll(atMost: count) }

  /// All until the end.
  func receiveToEnd() throws(Errno) -> [UInt8] { try socket.readAll(atMost: .max) }

  /// All until the end, and what ended it if that is not the peer's finish.
  func receiveToFailure() -> (bytes: [UInt8], error: Errno?) {
    var bytes: [UInt8] = []
    while true {
      do throws(Errno) {
        let some = try Kernel.read(socket.number, atMost: 65_536)
        if some.isEmpty { return (bytes, nil) }
        bytes += some
      } catch {
        return (bytes, error)
      }
    }
  }

  /// Closes with a reset.
  consuming func reset() throws(Errno) { try Kernel.resetOnClose(socket) }
}

/// A raw socket that listens.
struct Listener: ~Copyable {
  let socket: Descriptor
  let endpoint: Endpoint

  init(at endpoint: Endpoint, backlog: CInt = 5) throws(Errno) {
    let socket = try Kernel.socket(for: endpoint)
    try Kernel.bind(socket, to: endpoint)
    try Kernel.listen(socket, backlog: backlog)
    var bound = endpoint
    if case .tcp(let host, _) = endpoint { bound = .tcp(host: host, port: try Kernel.port(of: socket)) }
    self.socket = socket
    self.endpoint = bound
  }

  func accept() throws -> Peer {
    guard try Kernel.isReadable(socket.number, within: CInt(patience * 1000)) else { throw Overdue("a client") }
    return try Peer(Kernel.accept(socket))
  }
}

extension Descriptor {
  func readAll(atMost count: Int) throws(Errno) -> [UInt8] { try Kernel.readAll(number, atMost: count) }
}

extension Kernel {
  /// As many bytes as come until the end.
  static func readAll(_ number: CInt, atMost count: Int) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard try isReadable(number, within: CInt(patience * 1000)) else { throw .timedOut }
      let some = try read(number, atMost: min(65_536, count - bytes.count))
      if some.isEmpty { break }
      bytes += some
    }
    return bytes
  }

  /// All the bytes, to a blocking socket.
  static func writeAll(_ number: CInt, _ bytes: [UInt8]) throws(Errno) {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard try isWritable(number, within: CInt(patience * 1000)) else { throw .timedOut }
      rest = rest.dropFirst(try send(number, rest.prefix(4096)))
    }
  }
}
