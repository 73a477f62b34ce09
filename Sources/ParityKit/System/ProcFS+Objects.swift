/// What a program makes besides files.
extension ProcFS {
  // MARK: Sockets

  /// The sockets of a program that wait for connections or datagrams, besides the one at its port or path.
  static func bound(_ own: Set<String>, besides port: Int, _ path: String) -> [String] {
    if own.isEmpty { return [] }
    var bound: [String] = []
    for table in ["tcp", "tcp6", "udp", "udp6"] {
      for fields in rows("/proc/net/\(table)") where fields.count > 9 && own.contains("socket:[\(fields[9])]") {
        let address = fields[1].split(separator: ":")
        let number = address.last.flatMap { Int($0, radix: 16) } ?? 0
        let waits = table.hasPrefix("udp") ? fields[2].hasSuffix(":0000") : fields[3] == "0A"
        guard waits, number != 0, number != port || table.hasPrefix("udp") else { continue }
        let isOpen = address.first?.allSatisfy { $0 == "0" } ?? false
        // The kernel chooses ephemeral ports, another one in each run.
        let name = number >= ephemeral ? "a free port" : "port \(number)"
        bound.append("bound: \(table.prefix(3)) \(name)\(isOpen ? " of all addresses" : "")")
      }
    }
    for fields in rows("/proc/net/unix") where fields.count == 8 && own.contains("socket:[\(fields[6])]") {
      if fields[7] != path, fields[3] == "00010000" { bound.append("bound: unix \(fields[7])") }
    }
    return bound
  }

  private static let ephemeral =
    (System.text(of: "/proc/sys/net/ipv4/ip_local_port_range")?.split(separator: "\t").first).flatMap { Int($0) }
    ?? 32_768

  // MARK: Shared objects

  /// The names of shared memory objects and message queues that belong to this user, in the whole system.
  static func sharedObjects() -> Set<String> {
    var objects: Set<String> = []
    for (folder, what) in [("/dev/shm", "shared memory"), ("/dev/mqueue", "message queue")] {
      for name in System.names(in: folder) where System.status(of: "\(folder)/\(name)").owner == System.user {
        objects.insert("\(what) /\(name)")
      }
    }
    // The column of the owner's number depends on the kind.
    for (file, what, owner) in [("shm", "shared memory", 7), ("msg", "message queue", 7), ("sem", "semaphores", 4)] {
      for fields in rows("/proc/sysvipc/\(file)") where fields.count > owner && UInt32(fields[owner]) == System.user {
        objects.insert("System V \(what) \(fields[0]) id \(fields[1])")
      }
    }
    return objects
  }
}
