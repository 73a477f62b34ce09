internal import SystemPackage

/// The peers of a run by the names that the scenario gives them, and every connection that they had.
final class PeerTable {
  /// The current connection of each peer.
  private(set) var current: [String: Peer] = [:]
  private(set) var connections: [Peer] = []
  /// Sockets that listen for the program, or that occupy its port.
  private(set) var listeners: [CInt] = []
  /// The names of the peers by their ports.
  private(set) var ports: [Int: String] = [:]
  /// The names of the connections by the ports of their peers.
  private(set) var labels: [Int: String] = [:]
  private var counts: [String: Int] = [:]

  deinit { for listener in listeners { System.close(listener) } }

  subscript(name: String) -> Peer? { current[name] }

  func add(_ peer: Peer, as name: String) {
    current[name] = peer
    connections.append(peer)
  }

  /// Replaces the last connection by another attempt of it.
  func replaceLast(with peer: Peer, as name: String) {
    current[name] = peer
    connections[connections.count - 1] = peer
  }

  func notePort(of peer: Peer, as name: String) {
    guard peer.port != 0 else { return }
    (ports[peer.port], labels[peer.port]) = (name, peer.record.name)
  }

  /// The name of a peer's next connection.
  func nextLabel(of name: String) -> String {
    counts[name, default: 0] += 1
    return counts[name] == 1 ? name : "\(name) #\(counts[name, default: 0])"
  }

  func listen(at address: SocketAddress, backlog: Int) {
    guard let socket = try? System.socket(for: address) else { return }
    listeners.append(socket)
    try? System.bind(socket, to: address, reuse: true)
    try? System.listen(socket, backlog: backlog)
  }
}
