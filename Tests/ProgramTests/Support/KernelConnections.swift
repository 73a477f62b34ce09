/// Connections as /proc/net shows them: TCP over IPv4, and Unix sockets.
enum KernelConnections {
  /// States, as /proc/net/tcp numbers them.
  static let timeWait = 6
  static let closeWait = 8
  static let listen = 10
  /// Timers, as /proc/net/tcp numbers them: the connection has none, or a keepalive one.
  static let noTimer = 0
  static let keepAliveTimer = 2

  /// Waits until the states of the connections from a local port (and to a remote port, if given) meet the condition;
  /// false after ten seconds. Even over loopback, a segment may take a while on a busy machine. Blocks.
  static func wait(
    from local: Substring, to remote: Substring? = nil, until isMet: ([Int]) -> Bool
  ) throws -> Bool {
    try wait { isMet(try states(from: local, to: remote)) }
  }

  /// Waits until no process has the Unix socket with this inode open; false after ten seconds. A child that another test
  /// starts has a copy of every descriptor until its exec. Blocks.
  static func waitForEnd(ofUnix inode: Int) throws -> Bool {
    try wait { try !table("unix").contains { $0.count > 6 && Int($0[6]) == inode } }
  }

  private static func wait(until isMet: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<10_000 {
      if try isMet() { return true }
      _ = TestSystem.awaitReadable(-1, milliseconds: 1)
    }
    return false
  }

  /// Waits until a process listens on the port.
  static func awaitListener(at port: Substring) async throws {
    let listens = try await blocking { try wait(from: port) { $0.contains(listen) } }
    guard listens else { throw RunFailure(description: "no process listens on port \(port)") }
  }

  /// Waits until the timers of the connections from a local port meet the condition; false after ten seconds. Blocks.
  static func waitForTimers(from local: Substring, until isMet: ([Int]) -> Bool) throws -> Bool {
    try wait {
      let connections = try table("tcp").filter { port($0[1]) == Int(local) && Int($0[3], radix: 16) != listen }
      return isMet(connections.compactMap { Int($0[5].prefix { $0 != ":" }, radix: 16) })
    }
  }

  private static func states(from local: Substring, to remote: Substring?) throws -> [Int] {
    try table("tcp").compactMap { fields in
      guard port(fields[1]) == Int(local), remote == nil || port(fields[2]) == remote.flatMap({ Int($0) }) else {
        return nil
      }
      return Int(fields[3], radix: 16)
    }
  }

  /// The fields of each line of a table in /proc/net, without the heading.
  private static func table(_ name: String) throws -> [[Substring]] {
    let text = String(decoding: try TestSystem.contents(of: "/proc/net/\(name)"), as: UTF8.self)
    return text.split(separator: "\n").dropFirst().map { $0.split(separator: " ") }
  }

  private static func port(_ address: Substring) -> Int? { Int(address.drop { $0 != ":" }.dropFirst(), radix: 16) }
}

extension String {
  /// An endpoint's port.
  var port: Substring { self[(lastIndex(of: ":") ?? startIndex)...].dropFirst() }
}
