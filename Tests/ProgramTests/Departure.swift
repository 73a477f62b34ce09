// Clients that leave too soon, and what a server makes of them.

/// How a client leaves that never says what it came for. While it does so the server is stopped, so that all of it has
/// happened when the server looks.
enum Departure: CaseIterable, Sendable {
  case leaves, resets, sendsAndLeaves, sendsAndResets

  func depart(from endpoint: String) throws {
    let client = try Socket(connectedTo: endpoint)
    if self == .sendsAndLeaves || self == .sendsAndResets { try client.send("abc") }
    let (name, inode) = (client.endpoint, try client.inode)
    if self == .resets || self == .sendsAndResets { try client.reset() } else { client.close() }
    let hasArrived =
      endpoint.hasPrefix("tcp:")
      ? try Connections.wait(from: endpoint.port, to: name.port) { $0.allSatisfy { $0 == Connections.closeWait } }
      : try Connections.waitForEnd(ofUnix: inode)
    guard hasArrived else { throw RunFailure(description: "the end of a client at \(endpoint) did not arrive") }
  }

  /// What the server then says, if it is an error.
  func error(of service: Service, at endpoint: String) -> String? {
    let isTCP = endpoint.hasPrefix("tcp:")
    let isReset = isTCP && (self == .resets || self == .sendsAndResets)
    switch service {
    case .chargen: return nil
    case .echo where !isTCP && (self == .sendsAndLeaves || self == .sendsAndResets):
      return "Error : Write error: \(endpoint): Broken pipe\n"
    case .echo where self == .sendsAndResets:
      return "Error : Write error: \(endpoint): Connection reset by peer\n"
    case .echo, .discard: return isReset ? "Error : Read error: \(endpoint): Connection reset by peer\n" : nil
    case .greeting where isReset: return "Error : Write error: \(endpoint): Connection reset by peer\n"
    case .message where isReset: return "Error : Read error: \(endpoint): Connection reset by peer\n"
    case .greeting, .message: return isTCP ? nil : "Error : Write error: \(endpoint): Broken pipe\n"
    }
  }

  func printed(by service: Service, at endpoint: String) -> Bytes {
    let isReset = endpoint.hasPrefix("tcp:") && (self == .resets || self == .sendsAndResets)
    guard service == .message, !isReset else { return "" }
    return self == .leaves || self == .resets ? "Here is the message: \n" : "Here is the message: abc\n"
  }
}
