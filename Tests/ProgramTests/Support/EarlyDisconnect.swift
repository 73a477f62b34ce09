/// How a client disconnects before the server has accepted it, and what the server must report then.
///
/// The test suspends the server meanwhile, so that the disconnect is complete when the server accepts the client.
enum EarlyDisconnect: CaseIterable, Sendable {
  case closes, resets, sendsAndCloses, sendsAndResets

  private var isReset: Bool { self == .resets || self == .sendsAndResets }
  private var sends: Bool { self == .sendsAndCloses || self == .sendsAndResets }

  /// Connects, disconnects, and waits until the kernel has delivered that to the server's socket. Blocks.
  func perform(at endpoint: String) throws {
    let client = try RawSocket(connectedTo: endpoint)
    if sends { try client.send("abc") }
    let (name, inode) = (client.endpoint, try client.inode)
    if isReset { try client.reset() } else { client.close() }
    let hasArrived =
      endpoint.hasPrefix("tcp:")
      ? try KernelConnections.wait(from: endpoint.port, to: name.port) {
        $0.allSatisfy { $0 == KernelConnections.closeWait }
      }
      : try KernelConnections.waitForEnd(ofUnix: inode)
    guard hasArrived else { throw RunFailure(description: "the disconnect of a client at \(endpoint) did not arrive") }
  }

  /// The line that a server prints that goes on; nil if it prints none.
  func line(of service: Service, at endpoint: String) -> String? {
    error(of: service, at: endpoint).map { error in
      "client \(endpoint): \(error.hasSuffix("Broken pipe\n") ? "closed the connection early" : "reset the connection")\n"
    }
  }

  /// The error of a server of one client; nil if it prints none.
  func error(of service: Service, at endpoint: String) -> String? {
    let isTCP = endpoint.hasPrefix("tcp:")
    let isReset = isTCP && isReset
    switch service {
    case .chargen: return nil
    case .echo where !isTCP && sends:
      return "Error : Write error: \(endpoint): Broken pipe\n"
    case .echo where self == .sendsAndResets:
      return "Error : Write error: \(endpoint): Connection reset by peer\n"
    case .echo, .discard: return isReset ? "Error : Read error: \(endpoint): Connection reset by peer\n" : nil
    case .greeting where isReset: return "Error : Write error: \(endpoint): Connection reset by peer\n"
    case .message where isReset: return "Error : Read error: \(endpoint): Connection reset by peer\n"
    case .greeting, .message: return isTCP ? nil : "Error : Write error: \(endpoint): Broken pipe\n"
    }
  }

  /// The standard output of the server.
  func printed(by service: Service, at endpoint: String) -> Bytes {
    guard service == .message, !(isReset && endpoint.hasPrefix("tcp:")) else { return "" }
    return sends ? "Here is the message: abc\n" : "Here is the message: \n"
  }
}
