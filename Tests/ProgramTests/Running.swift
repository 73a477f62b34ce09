// A process that runs, and a server that listens.
import Dispatch
import Glibc
import Subprocess
import Synchronization
import SystemPackage

enum Signal: CInt {
  case interrupt = 2
  case kill = 9
  case terminate = 15
  case go = 18
  case stop = 19
}

/// A process, for the length of the body that it is given to.
final class Running: Sendable {
  let id: ProcessIdentifier
  let output, error: Capture
  private let input: Mutex<FileDescriptor?>
  /// What is done to the input, one after the other: it is not closed while something is written.
  private let inputs = DispatchQueue(label: "input")

  init(id: ProcessIdentifier, input: FileDescriptor?, output: Capture, error: Capture) {
    (self.id, self.output, self.error) = (id, output, error)
    self.input = Mutex(input)
  }

  func send(_ signal: Signal) { kill(id.value, signal.rawValue) }

  /// Writes to its input while other things go on. Whoever reads no more is no error.
  func write(_ bytes: Bytes) {
    inputs.async {
      if let descriptor = self.input.withLock({ $0 }) { try? System.write(descriptor, bytes.array) }
    }
  }

  /// Ends its input, after what is still to be written.
  func finishInput() {
    inputs.async {
      self.input.withLock { descriptor in
        try? descriptor?.close()
        descriptor = nil
      }
    }
  }

  /// Whether the process ends in that time.
  func ends(within milliseconds: CInt) async throws -> Bool {
    try await blocking { self.awaitEnd(within: milliseconds) }
  }

  /// The same for code that blocks.
  func awaitEnd(within milliseconds: CInt) -> Bool {
    System.awaitReadable(id.processDescriptor, milliseconds: milliseconds)
  }

  /// The most memory that it has had, in KB.
  func peak() throws -> Int {
    try status("VmHWM").flatMap { Int($0) } ?? .max
  }

  /// Stops the process as SIGSTOP does, and returns once it has stopped, or ended. Blocks.
  func pause() throws {
    send(.stop)
    while try status("State") != "T", !awaitEnd(within: 1) {}
  }

  /// The first word of that field of /proc/PID/status.
  private func status(_ field: String) throws -> Substring? {
    let status = String(decoding: try System.contents(of: "/proc/\(id.value)/status"), as: UTF8.self)
    let line = status.split(separator: "\n").first { $0.hasPrefix("\(field):") }
    return line?.split { $0 == " " || $0 == "\t" }.dropFirst().first
  }

  /// The numbers of its descriptors.
  func descriptors() async throws -> Set<Int> {
    let list = try await Command(path: "ls", ["/proc/\(id.value)/fd"]).run()
    return Set(String(decoding: list.output.array, as: UTF8.self).split(separator: "\n").compactMap { Int($0) })
  }
}

/// A server that has said where it listens.
struct Server: Sendable {
  let process: Running
  let endpoint: String

  /// The port's digits.
  var port: String { String(endpoint.port) }

  func stop() { process.send(.terminate) }
}

extension Command {
  /// Runs a server and, once it listens, the body beside it, until both have ended.
  func serve<R: Sendable>(
    _ body: @escaping @Sendable (Server) async throws -> R
  ) async throws -> (result: R, outcome: Outcome) {
    try await run { process in
      guard let endpoint = await process.error.listening() else {
        throw RunFailure(description: "\(self) ended before it listened; it said \"\(process.error.text)\"")
      }
      return try await body(Server(process: process, endpoint: endpoint))
    }
  }

  /// The same for a server that stays: it is stopped after the body.
  func serveAndStop<R: Sendable>(
    _ body: @escaping @Sendable (Server) async throws -> R
  ) async throws -> (result: R, outcome: Outcome) {
    try await serve { server in
      let result = try await body(server)
      server.stop()
      return result
    }
  }
}
