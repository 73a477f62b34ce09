// A program to run, and what came of it.
import Dispatch
import Subprocess
import SystemPackage

struct Command: CustomStringConvertible, Sendable {
  enum Input: Sendable {
    case bytes(Bytes)
    /// Nothing comes, and no end, until the body has ended.
    case open
    case file(String)
  }

  enum Output: Sendable {
    case all
    /// So many bytes are read, then the pipe is closed.
    case first(Int)
    /// So many bytes are read, then no more: whoever writes on has to wait.
    case held(Int)
    case file(String)
  }

  let path: String
  var arguments: [[UInt8]]
  var input = Input.bytes("")
  var output = Output.all
  private var isTraced = false

  init(path: String, _ arguments: [[UInt8]]) {
    self.path = path
    self.arguments = arguments
  }

  init(path: String, _ arguments: [String]) { self.init(path: path, arguments.map { Array($0.utf8) }) }

  func reading(_ input: Input) -> Command {
    var copy = self
    copy.input = input
    return copy
  }

  func writing(_ output: Output) -> Command {
    var copy = self
    copy.output = output
    return copy
  }

  /// Runs in a shell, which then becomes the program: `script` ends in `exec "$0" "$@"` and redirections.
  func inShell(_ script: String) -> Command {
    var copy = Command(path: "sh", [Array("-c".utf8), Array(script.utf8), Array(path.utf8)] + arguments)
    (copy.input, copy.output) = (input, output)
    return copy
  }

  /// Runs in namespaces of its own, after a line of shell that root may say there, such as `mount -t tmpfs none /proc`.
  func alone(after line: String) -> Command {
    let shell = inShell("\(line) && exec \"$0\" \"$@\"")
    var copy = Command(
      path: "unshare",
      ["--user", "--map-root-user", "--mount", "--ipc", shell.path].map { Array($0.utf8) } + shell.arguments)
    (copy.input, copy.output) = (input, output)
    return copy
  }

  /// Whether namespaces are allowed, and that line in them.
  static func canBeAlone(after line: String) async throws -> Bool {
    try await Command(path: "true", [String]()).alone(after: line).run().status == .exited(0)
  }

  /// Runs under strace.
  func traced(_ options: String...) -> Command {
    var copy = Command(path: "strace", (["-f"] + options + [path]).map { Array($0.utf8) } + arguments)
    (copy.input, copy.output, copy.isTraced) = (input, output, true)
    return copy
  }

  fileprivate var environment: Environment {
    let plain = Environment.inherit.updating(["LC_ALL": "C", "COLUMNS": nil])
    // The address sanitizer's search for leaks does not work under strace, and says so.
    return isTraced ? plain.updating(["ASAN_OPTIONS": "detect_leaks=0"]) : plain
  }

  var description: String {
    ([path] + arguments.map { String(decoding: $0, as: UTF8.self) }).joined(separator: " ")
  }
}

enum Status: Hashable, Sendable {
  case exited(CInt)
  case killed(by: CInt)

  init(_ status: TerminationStatus) {
    self =
      switch status {
      case .exited(let code): .exited(code)
      case .signaled(let signal): .killed(by: signal)
      }
  }
}

struct Outcome: Hashable, Sendable, CustomStringConvertible {
  let status: Status
  let output: Bytes
  let error: String

  init(_ status: Status, output: Bytes = "", error: String = "") {
    (self.status, self.output, self.error) = (status, output, error)
  }

  /// Without what two engines may differ in.
  var masked: Outcome { Outcome(status, output: output, error: error.masked) }

  var description: String { "\(status), standard output \(output), standard error \"\(error)\"" }
}

/// A program that could not be run, or would not end.
struct RunFailure: Error, CustomStringConvertible {
  let description: String
}

extension Command {
  static let limit = Duration.seconds(60)

  func run() async throws -> Outcome { try await run { _ in }.outcome }

  func run(input: Bytes) async throws -> Outcome { try await reading(.bytes(input)).run() }

  /// Runs the program and the body beside it, until both have ended. What outlives its time, or a body that throws, is
  /// killed.
  func run<R: Sendable>(
    _ body: @escaping @Sendable (Running) async throws -> R
  ) async throws -> (result: R, outcome: Outcome) {
    let (output, error) = (Capture(), Capture())
    do {
      return try await within(Command.limit) { try await runToEnd(output, error, body) }
    } catch is DeadlinePassed {
      throw RunFailure(description: "\(self) had not ended after \(Command.limit); it said \"\(error.text)\"")
    }
  }

  private func runToEnd<R: Sendable>(
    _ output: Capture, _ error: Capture, _ body: @escaping @Sendable (Running) async throws -> R
  ) async throws -> (result: R, outcome: Outcome) {
    let executable = path.contains("/") ? Executable.path(FilePath(path)) : .name(path)
    guard (try? await executable.resolveExecutablePath(in: .inherit)) != nil else {
      throw RunFailure(description: "\(path) is missing: make test installs it")
    }
    // A group of its own, so that what a shell or xinetd starts is killed with it.
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
    let (source, feed) = try openInput()
    let sink = try openOutput(output)
    defer { if case .held = self.output { try? sink.readEnd?.close() } }
    let result = try await Subprocess.run(
      // swift-subprocess hands bytes on as they are: to exec(2), what has no NUL has no end.
      executable, arguments: Arguments(arguments.map { $0 + [0] }),
      environment: environment, platformOptions: options,
      input: .fileDescriptor(source, closeAfterSpawningProcess: true),
      output: .fileDescriptor(sink.writeEnd, closeAfterSpawningProcess: true),
      error: .fileDescriptor(try pipe(to: error), closeAfterSpawningProcess: true)
    ) { execution in
      let running = Running(id: execution.processIdentifier, input: feed, output: output, error: error)
      if case .bytes(let bytes) = input {
        running.write(bytes)
        running.finishInput()
      }
      defer { if case .open = input { running.finishInput() } }
      return try await body(running)
    }
    await output.ended()
    await error.ended()
    return (result.closureResult, Outcome(Status(result.terminationStatus), output: output.bytes, error: error.text))
  }

  private func openInput() throws -> (source: FileDescriptor, feed: FileDescriptor?) {
    if case .file(let path) = input { return (try FileDescriptor.open(FilePath(path), .readOnly), nil) }
    let pipe = try FileDescriptor.pipe()
    return (pipe.readEnd, pipe.writeEnd)
  }

  private func openOutput(_ capture: Capture) throws -> (writeEnd: FileDescriptor, readEnd: FileDescriptor?) {
    if case .file(let path) = output {
      capture.end()
      let mode = FilePermissions.ownerReadWrite
      let options: FileDescriptor.OpenOptions = [.create, .truncate]
      return (try FileDescriptor.open(FilePath(path), .writeOnly, options: options, permissions: mode), nil)
    }
    let pipe = try FileDescriptor.pipe()
    switch output {
    case .first(let count): capture.fill(from: pipe.readEnd, atMost: count)
    case .held(let count): capture.fill(from: pipe.readEnd, atMost: count, closes: false)
    default: capture.fill(from: pipe.readEnd)
    }
    return (pipe.writeEnd, pipe.readEnd)
  }

  private func pipe(to capture: Capture) throws -> FileDescriptor {
    let pipe = try FileDescriptor.pipe()
    capture.fill(from: pipe.readEnd)
    return pipe.writeEnd
  }
}
