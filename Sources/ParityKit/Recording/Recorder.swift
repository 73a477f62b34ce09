internal import SystemPackage

/// A proxy between clients and a server that records what they do.
public final class Recorder {
  /// The endpoint with the real port.
  public let endpoint: Endpoint
  private let address: SocketAddress
  private var listener: CInt
  private var proxied: [ProxiedConnection] = []
  private var session = RecordedSession()

  /// Why the recorder can't listen.
  public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// Starts to listen. The path of a Unix socket must not exist.
  public init(listen: Endpoint, forward: Endpoint) throws(Failure) {
    guard let own = listen.address, let address = forward.address else {
      throw Failure(description: "\(listen) or \(forward) is not a valid address")
    }
    self.address = address
    var socket: CInt = -1
    do throws(Errno) {
      socket = try System.socket(for: own)
      try System.bind(socket, to: own, reuse: true)
      try System.listen(socket, backlog: Limits.backlog)
    } catch {
      if socket >= 0 { System.close(socket) }
      throw Failure(description: "can't listen at \(listen): \(error)")
    }
    listener = socket
    endpoint = listen.with(port: System.port(of: socket))
  }

  deinit { stopListening() }

  private func stopListening() {
    guard listener >= 0 else { return }
    System.close(listener)
    listener = -1
    if let path = endpoint.path, System.kind(of: path) == .socket { System.removeTree(path) }
  }

  /// Forwards connections until `stop`, or until this many connections have ended, on the calling thread. Reports what
  /// can't be forwarded.
  public func run(until stop: StopSignal, connections limit: Int? = nil, _ report: (String) -> Void) -> RecordedSession
  {
    var (count, wasCut) = (0, false)
    while true {
      proxied.removeAll { connection in
        if let reason = connection.refusal { report("the server did not accept a connection: \(reason)") }
        return connection.isOver
      }
      if session.isCut, !wasCut {
        report("the session has more than \(Limits.recorded) bytes or \(Limits.steps) steps: the rest is not recorded")
        wasCut = true
      }
      let isLast = limit.map { count >= $0 } ?? false
      if isLast { stopListening() }
      if isLast && proxied.isEmpty { break }
      let accepts = listener >= 0 && proxied.count < Limits.recordedAtATime
      var watches = [System.Watch(stop.descriptor, input: true)] + proxied.flatMap(\.watches)
      if accepts { watches.append(System.Watch(listener, input: true)) }
      System.poll(&watches, milliseconds: 60_000)
      if watches[0].isReady { break }
      for connection in proxied { connection.serve(&session) }
      if accepts, watches.last?.isReady ?? false, let socket = try? System.accept(listener) {
        count += 1
        proxied.append(ProxiedConnection("client-\(count)", client: socket, to: address))
        proxied.last?.serve(&session)
      }
    }
    stopListening()
    proxied = []
    return session
  }
}
