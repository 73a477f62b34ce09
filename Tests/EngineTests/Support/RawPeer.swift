// The other end of a conversation, independent of both engines.
internal import IPC
internal import SystemPackage

/// A connected raw socket. No call waits longer than `timeoutSeconds`.
struct RawPeer: ~Copyable {
  let socket: Descriptor

  init(_ socket: consuming Descriptor) throws(Errno) {
    try TestSystem.setTimeout(socket, seconds: timeoutSeconds)
    self.socket = socket
  }

  init(to endpoint: Endpoint, receivesLittle: Bool = false) throws(Errno) {
    let socket = try TestSystem.socket(for: endpoint)
    if receivesLittle { try TestSystem.limitReceiving(socket) }
    try TestSystem.setTimeout(socket, seconds: timeoutSeconds)
    try TestSystem.connect(socket, to: endpoint)
    self.socket = socket
  }

  /// Connects, sends nothing, and returns all that the server sends.
  static func receiveAll(from endpoint: Endpoint) throws(Errno) -> [UInt8] {
    let peer = try RawPeer(to: endpoint)
    return try peer.receiveToEnd()
  }

  func send(_ bytes: [UInt8]) throws(Errno) {
    var rest = bytes[...]
    while !rest.isEmpty { rest = rest.dropFirst(try TestSystem.send(socket.number, rest)) }
  }

  func send(_ text: String) throws(Errno) { try send(Array(text.utf8)) }

  /// Sends until the other end makes no more room, because this end does not receive.
  func fill() throws(Errno) {
    let block = [UInt8](repeating: 1, count: 4096)
    while try TestSystem.isWritable(socket.number, within: 300) { try send(block) }
  }

  /// Sends bytes, an urgent byte, and more bytes.
  func send(_ before: [UInt8], urgent: UInt8, _ behind: [UInt8]) throws(Errno) {
    try send(before)
    try TestSystem.sendUrgent(socket.number, urgent)
    try send(behind)
  }

  func halfClose() throws(Errno) { try TestSystem.halfClose(socket.number) }

  /// Receives this many bytes, or fewer if the stream ends first.
  func receive(_ count: Int) throws(Errno) -> [UInt8] { try socket.readAll(atMost: count) }

  /// Receives until the end of the stream.
  func receiveToEnd() throws(Errno) -> [UInt8] { try socket.readAll(atMost: .max) }

  /// Receives until the end of the stream, an error, or at least so many bytes.
  func receiveToFailure(atMost limit: Int = .max) -> (bytes: [UInt8], error: Errno?) {
    var bytes: [UInt8] = []
    while bytes.count < limit {
      do throws(Errno) {
        let some = try TestSystem.read(socket.number, atMost: 65_536)
        if some.isEmpty { return (bytes, nil) }
        bytes += some
      } catch {
        return (bytes, error)
      }
    }
    return (bytes, nil)
  }

  /// Closes with a reset.
  consuming func reset() throws(Errno) { try TestSystem.resetOnClose(socket) }
}

/// A listening raw socket.
struct RawListener: ~Copyable {
  let socket: Descriptor
  let endpoint: Endpoint

  init(at endpoint: Endpoint, backlog: CInt = 5) throws(Errno) {
    let socket = try TestSystem.socket(for: endpoint)
    try TestSystem.bind(socket, to: endpoint)
    try TestSystem.listen(socket, backlog: backlog)
    var bound = endpoint
    if case .tcp(let host, _) = endpoint { bound = .tcp(host: host, port: try TestSystem.port(of: socket)) }
    self.socket = socket
    self.endpoint = bound
  }

  func accept() throws -> RawPeer {
    guard try TestSystem.isReadable(socket.number, within: CInt(timeoutSeconds * 1000)) else {
      throw TimeoutError("waiting for a client")
    }
    return try RawPeer(TestSystem.accept(socket))
  }
}

/// Fills a backlog with connections, so that further clients get no answer.
final class BacklogFiller {
  private(set) var sockets: [CInt] = []

  init(of endpoint: Endpoint) throws(Errno) {
    while true {
      let socket = try TestSystem.socket(for: endpoint, nonBlocking: true)
      do throws(Errno) {
        try TestSystem.connect(socket, to: endpoint)
      } catch .resourceTemporarilyUnavailable {
        return
      } catch .nowInProgress {
        // A server on the loopback interface answers at once or not at all.
        if !(try TestSystem.isWritable(socket.number, within: 100)) {
          sockets.append(socket.release())
          return
        }
      }
      sockets.append(socket.release())
    }
  }

  deinit { for socket in sockets { _ = Descriptor(owning: socket) } }
}

extension Descriptor {
  func readAll(atMost count: Int) throws(Errno) -> [UInt8] { try TestSystem.readAll(number, atMost: count) }
}

extension TestSystem {
  /// Reads this many bytes, or fewer if the stream ends first. Throws ETIMEDOUT if no bytes arrive in time.
  static func readAll(_ number: CInt, atMost count: Int) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard try isReadable(number, within: CInt(timeoutSeconds * 1000)) else { throw .timedOut }
      let some = try read(number, atMost: min(65_536, count - bytes.count))
      if some.isEmpty { break }
      bytes += some
    }
    return bytes
  }

  /// Sends all bytes to a blocking socket. Throws ETIMEDOUT if the socket stays full.
  static func writeAll(_ number: CInt, _ bytes: [UInt8]) throws(Errno) {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard try isWritable(number, within: CInt(timeoutSeconds * 1000)) else { throw .timedOut }
      rest = rest.dropFirst(try send(number, rest.prefix(4096)))
    }
  }
}
