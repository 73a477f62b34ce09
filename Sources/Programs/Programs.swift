internal import ArgumentParser
public import IPC
internal import SystemPackage

/// The version that all four programs print.
let version = "0.1.0"

/// The program `c-server` or `swift-server`: the engine is the only difference.
public func serverProgram<E: Engine>(_ engine: E.Type) {
  prepare(engine)
  ServerCommand<E>.main()
}

/// The program `c-client` or `swift-client`: the engine is the only difference.
public func clientProgram<E: Engine>(_ engine: E.Type) {
  prepare(engine)
  ClientCommand<E>.main()
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
