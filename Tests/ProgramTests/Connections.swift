// What the kernel knows of connections: of TCP over IPv4, and of Unix sockets.

enum Connections {
  static let timeWait = 6
  static let closeWait = 8
  static let listen = 10

  /// Waits until the states of the connections from that port, or of the one to that other port, are as wanted; false
  /// after ten seconds. On a busy machine a segment is on its way for a while, over loopback as well. Blocks.
  static func wait(
    from local: Substring, to remote: Substring? = nil, until isMet: ([Int]) -> Bool
  ) throws -> Bool {
    try wait { isMet(try states(from: local, to: remote)) }
  }

  /// Waits until nobody holds the Unix socket of that inode; false after ten seconds. A process that another test starts
  /// holds a copy of what is closed here, until its exec. Blocks.
  static func waitForEnd(ofUnix inode: Int) throws -> Bool {
    try wait { try !table("unix").contains { $0.count > 6 && Int($0[6]) == inode } }
  }

  private static func wait(until isMet: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<10_000 {
      if try isMet() { return true }
      _ = System.awaitReadable(-1, milliseconds: 1)
    }
    return false
  }

  /// Waits until somebody listens at that port.
  static func awaitListener(at port: Substring) async throws {
    let listens = try await blocking { try wait(from: port) { $0.contains(listen) } }
    guard listens else { throw RunFailure(description: "nobody listens at port \(port)") }
  }

  /// As /proc/net/tcp numbers them.
  private static func states(from local: Substring, to remote: Substring?) throws -> [Int] {
    try table("tcp").compactMap { fields in
      guard port(fields[1]) == Int(local), remote == nil || port(fields[2]) == remote.flatMap({ Int($0) }) else {
        return nil
      }
      return Int(fields[3], radix: 16)
    }
  }

  /// The lines of a table in /proc/net, in fields.
  private static func table(_ name: String) throws -> [[Substring]] {
    let text = String(decoding: try System.contents(of: "/proc/net/\(name)"), as: UTF8.self)
    return text.split(separator: "\n").dropFirst().map { $0.split(separator: " ") }
  }

  private static func port(_ address: Substring) -> Int? { Int(address.drop { $0 != ":" }.dropFirst(), radix: 16) }
}

extension String {
  /// An endpoint's port.
  var port: Substring { self[(lastIndex(of: ":") ?? startIndex)...].dropFirst() }
}
