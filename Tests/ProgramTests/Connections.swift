// What the kernel knows of TCP connections over IPv4.

enum Connections {
  static let timeWait = 6
  static let closeWait = 8

  /// Waits until the states of the connections from that port, or of the one to that other port, are as wanted; false
  /// after ten seconds. On a busy machine a segment is on its way for a while, over loopback as well. Blocks.
  static func wait(
    from local: Substring, to remote: Substring? = nil, until isMet: ([Int]) -> Bool
  ) throws -> Bool {
    for _ in 0..<10_000 {
      if isMet(try states(from: local, to: remote)) { return true }
      _ = System.awaitReadable(-1, milliseconds: 1)
    }
    return false
  }

  /// As /proc/net/tcp numbers them.
  private static func states(from local: Substring, to remote: Substring?) throws -> [Int] {
    let table = String(decoding: try System.contents(of: "/proc/net/tcp"), as: UTF8.self)
    return table.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: " ")
      guard port(fields[1]) == Int(local), remote == nil || port(fields[2]) == remote.flatMap({ Int($0) }) else {
        return nil
      }
      return Int(fields[3], radix: 16)
    }
  }

  private static func port(_ address: Substring) -> Int? { Int(address.drop { $0 != ":" }.dropFirst(), radix: 16) }
}

extension String {
  /// An endpoint's port.
  var port: Substring { self[(lastIndex(of: ":") ?? startIndex)...].dropFirst() }
}
