/// The engine inside a program: the only part in which two programs differ.
enum Engine: String, CaseIterable, Sendable {
  case c, swift
}

/// A server of one engine with a client of the same or of the other engine.
struct Pairing: CustomStringConvertible, Sendable {
  let server, client: Engine

  static let all = Engine.allCases.flatMap { server in Engine.allCases.map { Pairing(server: server, client: $0) } }

  var description: String { "\(server)-server with \(client)-client" }
}

/// The services of a server, as `--service` names them.
enum Service: String, CaseIterable, Sendable {
  case greeting, message, echo, discard, chargen
}

extension Command {
  static func server(_ engine: Engine, _ arguments: String...) -> Command {
    Command(program: "\(engine)-server", arguments.map { Array($0.utf8) })
  }

  static func client(_ engine: Engine, _ arguments: String...) -> Command {
    Command(program: "\(engine)-client", arguments.map { Array($0.utf8) })
  }

  /// One of the four programs. They are in the folder of the test binary, which depends on how the tests were built.
  init(program: String, _ arguments: [[UInt8]]) {
    self.init(path: "\(Command.buildFolder)/\(program)", arguments)
  }

  static let buildFolder = TestSystem.target(ofLink: "/proc/self/exe").prefix { _ in true }.parent
}

extension Substring {
  /// The folder of the file at this path.
  fileprivate var parent: Substring { lastIndex(of: "/").map { self[..<$0] } ?? "." }
}

extension String {
  /// Replaces what may differ between two runs: the engine's name, and ports.
  var masked: String {
    replacing(/\b(?:c|swift)-(server|client)\b/) { "\($0.1)" }
      .replacing(/(tcp:(?:\[[^\]\s]*\]|[^:\s]*)):\d+/) { "\($0.1):PORT" }
  }
}
