import Dispatch
import Subprocess
import SystemPackage

/// A program with its arguments, input and output.
struct Command: CustomStringConvertible, Sendable {
  enum Input: Sendable {
    case bytes(Bytes)
    /// A pipe that the body may write to; it is closed after the body.
    case open
    case file(String)
  }

  enum Output: Sendable {
    case all
    /// The test reads this many bytes, then closes the pipe.
    case first(Int)
    /// The test reads this many bytes and then no more, so that further writes of the program block.
    case stalled(Int)
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

  /// Starts a shell that executes the program: `script` ends with `exec "$0" "$@"` and redirections.
  func inShell(_ script: String) -> Command {
    var copy = Command(path: "sh", [Array("-c".utf8), Array(script.utf8), Array(path.utf8)] + arguments)
    (copy.input, copy.output) = (input, output)
    return copy
  }

  /// Runs in new namespaces, after a shell command that needs root there, such as `mount -t tmpfs none /proc`.
  func inNamespaces(after line: String) -> Command {
    let shell = inShell("\(line) && exec \"$0\" \"$@\"")
    var copy = Command(
      path: "unshare",
      ["--user", "--map-root-user", "--mount", "--ipc", shell.path].map { Array($0.utf8) } + shell.arguments)
    (copy.input, copy.output) = (input, output)
    return copy
  }

  /// Runs without root's capabilities, as root may open files whatever their mode.
  var unprivileged: Command {
    if !TestSystem.isRoot { return self }
    let options = ["--bounding-set=-all", "--inh-caps=-all", path]
    var copy = Command(path: "setpriv", options.map { Array($0.utf8) } + arguments)
    (copy.input, copy.output, copy.isTraced) = (input, output, isTraced)
    return copy
  }

  /// Whether this machine allows new namespaces, and the shell command in them.
  static func isAllowedInNamespaces(_ line: String) async throws -> Bool {
    try await Command(path: "true", [String]()).inNamespaces(after: line).run().status == .exited(0)
  }

  /// Runs under strace.
  func traced(_ options: String...) -> Command {
    var copy = Command(path: "strace", (["-f"] + options + [path]).map { Array($0.utf8) } + arguments)
    (copy.input, copy.output, copy.isTraced) = (input, output, true)
    return copy
  }

  private var environment: Environment {
    let plain = Environment.inherit.updating(["LC_ALL": "C", "COLUMNS": nil])
    // The leak check of the address sanitizer fails under strace.
    return isTraced ? plain.updating(["ASAN_OPTIONS": "detect_leaks=0"]) : plain
  }

  var description: String {
    ([path] + arguments.map { String(decoding: $0, as: UTF8.self) }).joined(separator: " ")
  }
}

extension Command {
  static let limit = Duration.seconds(60)

  func run() async throws -> Outcome { try await run { _ in }.outcome }

  func run(input: Bytes) async throws -> Outcome { try await reading(.bytes(input)).run() }

  /// Runs the program and the body until both have ended. Kills the program after `limit`, or if the body throws.
  func run<R: Sendable>(
    _ body: @escaping @Sendable (RunningProcess) async throws -> R
  ) async throws -> (result: R, outcome: Outcome) {
    let (output, error) = (OutputCapture(), OutputCapture())
    do {
      return try await within(Command.limit) { try await runToEnd(output, error, body) }
    } catch is DeadlinePassed {
      throw RunFailure(description: "\(self) had not ended after \(Command.limit); it printed \"\(error.text)\"")
    }
  }

  private func runToEnd<R: Sendable>(
    _ output: OutputCapture, _ error: OutputCapture, _ body: @escaping @Sendable (RunningProcess) async throws -> R
  ) async throws -> (result: R, outcome: Outcome) {
    let executable = path.contains("/") ? Executable.path(FilePath(path)) : .name(path)
    guard (try? await executable.resolveExecutablePath(in: .inherit)) != nil else {
      throw RunFailure(description: "\(path) is missing; `make test` installs it")
    }
    // A new process group, so that the children of a shell or of xinetd are killed, too.
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
    let (source, writeEnd) = try openInput()
    let sink = try openOutput(output)
    defer { if case .stalled = self.output { try? sink.readEnd?.close() } }
    let result = try await Subprocess.run(
      // swift-subprocess adds no NUL to arguments that are bytes, and exec(2) needs one.
      executable, arguments: Arguments(arguments.map { $0 + [0] }),
      environment: environment, platformOptions: options,
      input: .fileDescriptor(source, closeAfterSpawningProcess: true),
      output: .fileDescriptor(sink.writeEnd, closeAfterSpawningProcess: true),
      error: .fileDescriptor(try pipe(to: error), closeAfterSpawningProcess: true)
    ) { execution in
      let running = RunningProcess(id: execution.processIdentifier, input: writeEnd, output: output, error: error)
      if case .bytes(let bytes) = input {
        running.write(bytes)
        running.closeInput()
      }
      defer { if case .open = input { running.closeInput() } }
      return try await body(running)
    }
    await output.waitForEnd()
    await error.waitForEnd()
    return (result.closureResult, Outcome(Status(result.terminationStatus), output: output.bytes, error: error.text))
  }

  private func openInput() throws -> (source: FileDescriptor, writeEnd: FileDescriptor?) {
    if case .file(let path) = input { return (try FileDescriptor.open(FilePath(path), .readOnly), nil) }
    let pipe = try FileDescriptor.pipe()
    return (pipe.readEnd, pipe.writeEnd)
  }

  private func openOutput(_ capture: OutputCapture) throws -> (writeEnd: FileDescriptor, readEnd: FileDescriptor?) {
    if case .file(let path) = output {
      capture.end()
      let mode = FilePermissions.ownerReadWrite
      let options: FileDescriptor.OpenOptions = [.create, .truncate]
      return (try FileDescriptor.open(FilePath(path), .writeOnly, options: options, permissions: mode), nil)
    }
    let pipe = try FileDescriptor.pipe()
    switch output {
    case .first(let count): capture.read(from: pipe.readEnd, atMost: count)
    case .stalled(let count): capture.read(from: pipe.readEnd, atMost: count, closes: false)
    default: capture.read(from: pipe.readEnd)
    }
    return (pipe.writeEnd, pipe.readEnd)
  }

  private func pipe(to capture: OutputCapture) throws -> FileDescriptor {
    let pipe = try FileDescriptor.pipe()
    capture.read(from: pipe.readEnd)
    return pipe.writeEnd
  }
}
