internal import ArgumentParser
internal import Glibc
public import IPC
internal import SystemPackage

/// The version that all four programs print.
let version = "0.1.0"

/// The program `c-server` or `swift-server`: the engine is the only difference.
public func serverProgram<E: Engine>(_ engine: E.Type) {
  prepare(engine)
  run(ServerCommand<E>.self, engine)
}

/// The program `c-client` or `swift-client`: the engine is the only difference.
public func clientProgram<E: Engine>(_ engine: E.Type) {
  prepare(engine)
  run(ClientCommand<E>.self, engine)
}

private func prepare<E: Engine>(_ engine: E.Type) {
  // A program started with a standard descriptor closed would get a socket under its number, and read its own connection
  // as standard input. Read-only for all three: input is empty, and output fails rather than vanishes.
  while let opened = try? FileDescriptor.open(FilePath("/dev/null"), .readOnly) {
    guard opened.rawValue > FileDescriptor.standardError.rawValue else { continue }
    try? opened.close()
    break
  }
  try? E.ignoreWriteSignals()
}

/// As the command's `main()`, but for what is said of wrong usage: that would repeat arguments with all that is in them.
private func run<C: ParsableCommand, E: Engine>(_ type: C.Type, _ engine: E.Type) {
  // Swift reads them there; the first is the program's name, so that none at all is none that are known.
  let arguments = CommandLine.arguments
  guard !arguments.isEmpty else {
    say("Error : Could not read the arguments: /proc/self/cmdline: it shows none; /proc must be mounted", engine)
    C.exit(withError: ExitCode(EX_OSERR))
  }
  do {
    var command = try C.parseAsRoot(Array(arguments.dropFirst()))
    try command.run()
  } catch {
    let status = C.exitCode(for: error)
    // Help and the like go to standard output; of a failure that has been told there is no message.
    guard !status.isSuccess, !C.fullMessage(for: error).isEmpty else { C.exit(withError: error) }
    say(usage(C.self, engine, error, repeating: arguments), engine)
    C.exit(withError: status)
  }
}

/// What ArgumentParser says of the error, with the arguments in it fit for a terminal.
private func usage<C: ParsableCommand, E: Engine>(
  _ type: C.Type, _ engine: E.Type, _ error: any Error, repeating arguments: [String]
) -> String {
  let message = C.message(for: error).utf8
  let label = "Error: ".utf8
  // Behind the message stands only what the program knows of itself.
  let rest = C.fullMessage(for: error).utf8.dropFirst(message.isEmpty ? 0 : label.count + message.count)
  // Its own newlines stay; of two kinds, none can be told from what an argument would forge. LISTEN_FDS is repeated, too.
  let newline = UInt8(ascii: "\n")
  let isForeign = (arguments + [Supervisor<E>().count ?? ""]).contains { $0.utf8.contains(newline) }
  let shown = E.vis(Array(message).span).flatMap { $0 == newline && isForeign ? Array(#"\^J"#.utf8) : [$0] }
  return String(decoding: (message.isEmpty ? [] : Array(label)) + shown + rest, as: UTF8.self)
}

private func say<E: Engine>(_ text: String, _ engine: E.Type) {
  // Nowhere is left to tell of an error of standard error.
  try? E.write(.standardError, Array((text + "\n").utf8).span)
}
