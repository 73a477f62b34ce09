internal import Glibc

extension ScenarioRun {
  /// What stays open after the last step is recorded as it is, and then closed.
  func rest() {
    settle(Limits.finalRest)
    for peer in connections where peer.isOpen {
      if peer.reads { peer.recordRest() }
      peer.close()
    }
    settle(Limits.finalRest)
  }

  /// How many descriptors of each kind each process has, as soon as the program is ready.
  func noteDescriptors() {
    present = Set(processes())
    guard let process else { return }
    descriptors = kinds(of: process.identifier)
  }

  private func kinds(of process: CInt) -> [String: Int] {
    var kinds: [String: Int] = [:]
    for target in ProcFS.descriptors(of: process) { kinds[kind(target), default: 0] += 1 }
    return kinds
  }

  /// A descriptor's target without its number.
  private func kind(_ target: String) -> String {
    if let bracket = target.firstIndex(of: "["), target.hasPrefix("socket:") || target.hasPrefix("pipe:") {
      return String(target[..<bracket].dropLast())
    }
    return masked(target)
  }

  /// Names, processes and descriptors that the program has left, or has more of than when it was ready.
  func leftovers() -> [String] {
    var left = names(in: place.folder, below: "")
    for identifier in processes() where identifier != process?.identifier && !present.contains(identifier) {
      left.append("process \(ProcFS.name(of: identifier))" + (ProcFS.isZombie(identifier) ? ", not waited for" : ""))
    }
    if let process, !process.hasEnded, role == .server {
      for (kind, count) in kinds(of: process.identifier) {
        let more = count - descriptors[kind, default: 0]
        if more > 0 { left.append("\(more) more open: \(kind)") }
      }
    }
    return left.sorted()
  }

  private func names(in folder: String, below prefix: String) -> [String] {
    System.names(in: folder).flatMap { name in
      let path = "\(folder)/\(name)"
      let kind = System.kind(of: path) ?? .file
      let own = "\(kind.rawValue) \(masked(prefix + name))"
      return kind == .folder ? [own] + names(in: path, below: "\(prefix)\(name)/") : [own]
    }
  }

  /// What was printed and used, of all the times that the program was started.
  func collect(_ transcript: inout Transcript) {
    for process in earlier + [process].compactMap(\.self) {
      transcript.output += process.output
      transcript.error += process.error
      transcript.cost.processorTime += process.ending?.processorTime ?? .zero
      transcript.cost.peakMemory = max(transcript.cost.peakMemory, process.ending?.peakMemory ?? 0)
    }
    transcript.output = named(transcript.output)
    transcript.error = named(transcript.error)
  }

  // MARK: Names for what differs from run to run

  func masked(_ text: String) -> String { String(decoding: named(Array(text.utf8)), as: UTF8.self) }

  /// Puts `{dir}`, `{port}` and the peers' ports in place of what they were in this run.
  private func named(_ bytes: [UInt8]) -> [UInt8] {
    var numbers: [[UInt8]: [UInt8]] = [Array(String(place.port).utf8): Array("{port}".utf8)]
    for (port, peer) in ports { numbers[Array(String(port).utf8)] = Array("{port of \(peer)}".utf8) }
    let folder = Array(place.folder.utf8)
    var (named, index) = ([UInt8](), 0)
    named.reserveCapacity(bytes.count)
    // Beyond, output is bulk, in which a number may be anything.
    let limit = min(bytes.count, Limits.named)
    while index < limit {
      let byte = bytes[index]
      if byte == folder[0], bytes[index...].starts(with: folder) {
        named += Array("{dir}".utf8)
        index += folder.count
      } else if isDigit(byte) {
        let digits = bytes[index...].prefix(while: isDigit)
        named += numbers[Array(digits)] ?? Array(digits)
        index = digits.endIndex
      } else {
        named.append(byte)
        index += 1
      }
    }
    return named + bytes[index...]
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension Signal {
  var number: CInt {
    switch self {
    case .hangup: SIGHUP
    case .interrupt: SIGINT
    case .quit: SIGQUIT
    case .kill: SIGKILL
    case .user1: SIGUSR1
    case .user2: SIGUSR2
    case .pipe: SIGPIPE
    case .terminate: SIGTERM
    case .stop: SIGSTOP
    case .resume: SIGCONT
    }
  }

  /// `SIGTERM`, or the number of a signal that scenarios can't send.
  static func name(_ number: CInt) -> String {
    if let signal = allCases.first(where: { $0.number == number }) { return "SIG\(signal.rawValue)" }
    let others: [CInt: String] = [
      SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT", SIGILL: "SIGILL", SIGBUS: "SIGBUS",
      SIGFPE: "SIGFPE", SIGTRAP: "SIGTRAP", SIGALRM: "SIGALRM",
    ]
    return others[number] ?? "signal \(number)"
  }
}

extension Exit: CustomStringConvertible {
  public var description: String {
    switch self {
    case .exited(let status): "exited with status \(status)"
    case .signaled(let signal): "ended by \(Signal.name(signal))"
    case .running: "still running"
    }
  }
}
