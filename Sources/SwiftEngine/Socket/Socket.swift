// What the files about sockets have in common. The C engine has it in socket.h.
internal import IPC

/// What a loop must know of a listener; the server owns it.
struct Listener: Sendable {
  private(set) var number: CInt
  let endpoint: Endpoint
  let backlog: Int
  /// Others go on with the listener: it is not shut down when serving stops.
  let isLent: Bool
  let isConnected: Bool
  let keepAlive: Duration
  /// To remove with it.
  private(set) var file: Server.File?

  private init(_ server: borrowing Server) {
    (number, endpoint, backlog) = (server.descriptor.number, server.endpoint, server.backlog)
    (isLent, isConnected, keepAlive) = (server.isLent, server.isConnected, server.keepAlive)
    file = server.file
  }

  /// The server's listener, and those behind it.
  static func all(of server: borrowing Server) -> [Listener] {
    [Listener(server)] + (server.next?.borrow { all(of: $0) } ?? [])
  }

  /// Another listener at the same endpoint, which has no file to remove.
  func replaced(by share: CInt?) -> Listener {
    guard let share else { return self }
    var copy = self
    (copy.number, copy.file) = (share, nil)
    return copy
  }
}
