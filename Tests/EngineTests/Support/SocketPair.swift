// The two ends of a connection, made by an engine's single steps.
internal import IPC
internal import SystemPackage

struct SocketPair: ~Copyable {
  let listener: Descriptor
  let listening: Endpoint
  let client: Descriptor
  let server: Connection

  init(_ engine: any Engine.Type, _ transport: Transport) throws {
    let target = try transport.makeEndpoint()
    let listener = try engine.create(for: target.endpoint)
    try engine.bind(listener, to: target.endpoint)
    try engine.listen(listener, backlog: 5)
    let listening = try engine.local(listener)
    let client = try engine.create(for: listening)
    try engine.connect(client, to: listening, timeout: .seconds(timeoutSeconds))
    let server = try engine.awaitClient(listener)
    self.listener = listener
    self.listening = listening
    self.client = client
    self.server = server
  }
}

extension Engine {
  /// Opens a server with the default options.
  static func openServer(_ candidates: [Endpoint], backlog: Int, observer: Observer?) throws(Failure) -> Server {
    try openServer(candidates, ListenOptions(backlog: backlog), observer: observer)
  }
}

/// Calls that take and return arrays of bytes.
extension Engine {
  static func receive(_ socket: borrowing Descriptor, atMost count: Int) throws(Failure) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: count)
    var span = buffer.mutableSpan
    return try receive(socket, into: &span).map { Array(buffer.prefix($0)) }
  }

  static func read(_ descriptor: borrowing Descriptor, atMost count: Int) throws(Failure) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: count)
    var span = buffer.mutableSpan
    return try read(descriptor.lent, into: &span).map { Array(buffer.prefix($0)) }
  }

  static func send(_ socket: borrowing Descriptor, _ text: String, more: Bool = false) throws(Failure) -> Int? {
    let bytes = Array(text)
    return try send(socket, bytes.span, more: more)
  }

  static func write(_ descriptor: borrowing Descriptor, _ text: String) throws(Failure) {
    let bytes = Array(text)
    try write(descriptor.lent, bytes.span)
  }

  /// Waits for a client and accepts it.
  static func awaitClient(_ listener: borrowing Descriptor) throws(Failure) -> Connection {
    try awaitInput(listener)
    guard let connection = try accept(listener) else { throw Failure(.accept, .resourceTemporarilyUnavailable) }
    return connection
  }

  /// Waits until the descriptor has bytes to read or a client to accept.
  static func awaitInput(_ descriptor: borrowing Descriptor) throws(Failure) {
    _ = try wait(descriptor.lent, for: .readable, stop: nil, timeout: .seconds(timeoutSeconds))
  }
}
