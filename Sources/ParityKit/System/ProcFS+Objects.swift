/// What a program makes besides files.
extension ProcFS {
  // MARK: Sockets

  /// The sockets of a program that wait for connections or datagrams, besides the one at its port or path.
  static func bound(_ own: Set<String>, besides port: Int, _ path: String) -> [String] {
    if own.isEmpty { return [] }
    // The kernel chooses ephemeral ports, another one in each run.
    func entry(_ kind: String, _ number: Int, isOpen: Bool) -> String {
      let name = number >= ephemeral ? "a free port" : "port \(number)"
      return "bound: \(kind) \(name)\(isOpen ? " of all addresses" : "")"
    }
    var bound = ListeningSocket.all().filter { own.contains("socket:[\($0.inode)]") && $0.port != port }
      .map { entry("tcp", $0.port, isOpen: $0.isOpen) }
    for table in ["udp", "udp6"] {
      for fields in rows("/proc/net/\(table)") where fields.count > 9 && own.contains("socket:[\(fields[9])]") {
        let address = fields[1].split(separator: ":")
        let number = address.last.flatMap { Int($0, radix: 16) } ?? 0
        guard fields[2].hasSuffix(":0000"), number != 0 else { continue }
        bound.append(entry("udp", number, isOpen: address.first?.allSatisfy { $0 == "0" } ?? false))
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
