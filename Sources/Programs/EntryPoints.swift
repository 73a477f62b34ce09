internal import ArgumentParser
internal import Glibc
public import IPC
internal import SystemPackage

/// The version of all four programs.
let version = "0.1.0"

/// Runs `c-server` or `swift-server`; they differ in the engine only.
public func serverProgram<E: Engine>(_ engine: E.Type) {
  prepare(engine)
  Supervisor<E>().protectClient(CommandLine.arguments)
  run(ServerCommand<E>.self, engine)
}

/// Runs `c-client` or `swift-client`; they differ in the engine only.
public func clientProgram<E: Engine>(_ engine: E.Type) {
  prepare(engine)
  run(ClientCommand<E>.self, engine)
}

private func prepare<E: Engine>(_ engine: E.Type) {
  // If a standard descriptor is closed at the start, the first socket would get its number, and the program would use
  // its connection as standard input or output. So each gets /dev/null, read-only: input is empty, and output fails.
  while let opened = try? FileDescriptor.open(FilePath("/dev/null"), .readOnly) {
    guard opened.rawValue > FileDescriptor.standardError.rawValue else { continue }
    try? opened.close()
    break
  }
  try? E.ignoreWriteSignals()
}

/// Replaces the command's `main()`, whose usage errors repeat control characters of the arguments.
private func run<C: ParsableCommand, E: Engine>(_ type: C.Type, _ engine: E.Type) {
  // Swift reads the arguments from /proc. The first one is the program's name, so an empty list means that they are
  // unknown.
  let arguments = CommandLine.arguments
  guard !arguments.isEmpty else {
    print("Error : Could not read the arguments: /proc/self/cmdline: /proc must be mounted", engine)
    C.exit(withError: ExitCode(EX_OSERR))
  }
  do {
    var command = try C.parseAsRoot(Array(arguments.dropFirst()))
    try command.run()
  } catch {
    let status = C.exitCode(for: error)
    // Help and version go to standard output. A failure that is already reported has no message.
    guard !status.isSuccess, !C.fullMessage(for: error).isEmpty else { C.exit(withError: error) }
    print(usageError(C.self, engine, error, repeating: arguments), engine)
    C.exit(withError: status)
  }
}

/// The message of ArgumentParser for a usage error; control characters of the arguments in it are made visible.
private func usageError<C: ParsableCommand, E: Engine>(
  _ type: C.Type, _ engine: E.Type, _ error: any Error, repeating arguments: [String]
) -> String {
  let message = C.message(for: error).utf8
  let label = "Error: ".utf8
  // The text after the message is the program's own usage.
  let rest = C.fullMessage(for: error).utf8.dropFirst(message.isEmpty ? 0 : label.count + message.count)
  // The message may have newlines of its own. If an argument has one as well, all are escaped, because they can't be
  // distinguished. The message may also repeat LISTEN_FDS.
  let newline = UInt8(ascii: "\n")
  let escapesNewlines = (arguments + [Supervisor<E>().listenerCount ?? ""]).contains { $0.utf8.contains(newline) }
  let shown = E.vis(Array(message).span).flatMap { $0 == newline && escapesNewlines ? Array(#"\^J"#.utf8) : [$0] }
  return String(decoding: (message.isEmpty ? [] : Array(label)) + shown + rest, as: UTF8.self)
}

private func print<E: Engine>(_ text: String, _ engine: E.Type) {
  // An error of standard error can't be reported anywhere.
  try? E.write(.standardError, Array((text + "\n").utf8).span)
}
