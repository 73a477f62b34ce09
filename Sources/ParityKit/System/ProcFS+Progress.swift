/// What shows that a program makes progress, and what it costs.
extension ProcFS {
  /// The processor time of a process's threads in nanoseconds.
  static func processorTime(of process: CInt) -> Int {
    tasks(of: process).reduce(0) { $0 + scheduling(of: $1).used }
  }

  /// How long the threads of a process have waited for a processor, in nanoseconds.
  static func starvation(of process: CInt) -> Int {
    tasks(of: process).reduce(0) { $0 + scheduling(of: $1).starved }
  }

  private static func scheduling(of task: String) -> (used: Int, starved: Int) {
    let fields = (System.text(of: "\(task)/schedstat") ?? "").split(separator: " ").compactMap { Int($0) }
    return fields.count > 1 ? (fields[0], fields[1]) : (0, 0)
  }

  /// A number that changes when a process reads or writes bytes with read(2) and write(2).
  static func bytesMoved(by process: CInt) -> Int {
    (System.text(of: "/proc/\(process)/io") ?? "").split(separator: "\n").prefix(2)
      .reduce(0) { $0 + ($1.split(separator: " ").last.flatMap { Int($0) } ?? 0) }
  }

  /// The number of bytes that wait in the sockets of a TCP port, and in those that are connected to it. A listening
  /// socket has the number of clients that it has not accepted.
  ///
  /// - Parameter ends: The sockets that count: by default those of both ends.
  static func unread(atPort port: Int, _ ends: [PortEnd] = PortEnd.allCases) -> Int {
    let suffix =
      ":" + String(repeating: "0", count: max(0, 4 - String(port, radix: 16).count))
      + String(port, radix: 16, uppercase: true)
    var sum = 0
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
      System.readLines(of: table) { line in
        let fields = line.split(separator: " ")
        guard fields.count > 9, ends.contains(where: { fields[$0.rawValue].hasSuffix(suffix) }) else { return true }
        sum += fields[4].split(separator: ":").last.flatMap { Int($0, radix: 16) } ?? 0
        return true
      }
    }
    return sum
  }

  /// The column of a port in the kernel's table of sockets.
  enum PortEnd: Int, CaseIterable { case local = 1, remote }

  /// The peak resident memory of a process in bytes; 0 if the process is gone. Before exec a child shares the judge's
  /// memory, which does not count.
  static func peakMemory(of process: CInt) -> Int {
    if System.target(ofLink: "/proc/\(process)/exe") == ownProgram { return 0 }
    let status = System.contents(of: "/proc/\(process)/status") ?? []
    guard let start = status.firstRange(of: peakField)?.upperBound else { return 0 }
    let digits = status[start...].drop { !(0x30...0x39).contains($0) }.prefix { (0x30...0x39).contains($0) }
    return digits.reduce(0) { $0 * 10 + Int($1 & 0xF) } * 1024
  }

  private static let peakField = Array("\nVmHWM:".utf8)
  private static let ownProgram = System.target(ofLink: "/proc/self/exe")
}
