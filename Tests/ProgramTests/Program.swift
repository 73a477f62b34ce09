// The four programs, and what of them is paired in the tests.

/// What is inside a program, and all that may differ between two of them.
enum Engine: String, CaseIterable, Sendable {
  case c, swift
}

/// A server of one engine with a client of another, or of the same.
struct Pairing: CustomStringConvertible, Sendable {
  let server, client: Engine

  static let all = Engine.allCases.flatMap { server in Engine.allCases.map { Pairing(server: server, client: $0) } }

  var description: String { "\(server)-server with \(client)-client" }
}

enum Service: String, CaseIterable, Sendable {
  case greeting, message, echo, discard, chargen
}

/// Where a server listens.
enum Place: CaseIterable, Sendable {
  case ipv4, ipv6, path, abstract

  static let twoKinds = [Place.ipv4, .path]

  /// The endpoint to ask for: a free port, or a name that only this folder's owner has.
  func endpoint(in folder: Folder) -> String {
    switch self {
    case .ipv4: "tcp:127.0.0.1:0"
    case .ipv6: "tcp:[::1]:0"
    case .path: "unix:\(folder.path("socket"))"
    case .abstract: "unix:@\(folder.name)"
    }
  }
}

extension Command {
  static func server(_ engine: Engine, _ arguments: String...) -> Command {
    Command(program: "\(engine)-server", arguments.map { Array($0.utf8) })
  }

  static func client(_ engine: Engine, _ arguments: String...) -> Command {
    Command(program: "\(engine)-client", arguments.map { Array($0.utf8) })
  }

  /// A program stands beside the test binary, whatever the build folder is.
  init(program: String, _ arguments: [[UInt8]]) {
    self.init(path: "\(Command.buildFolder)/\(program)", arguments)
  }

  static let buildFolder = System.target(ofLink: "/proc/self/exe").prefix { _ in true }.parent
}

extension Substring {
  /// The folder of the file at this path.
  fileprivate var parent: Substring { lastIndex(of: "/").map { self[..<$0] } ?? "." }
}

extension String {
  /// Without what two runs may differ in: the engine's name, and ports.
  var masked: String {
    replacing(/\b(?:c|swift)-(server|client)\b/) { "\($0.1)" }
      .replacing(/(tcp:(?:\[[^\]\s]*\]|[^:\s]*)):\d+/) { "\($0.1):PORT" }
  }
}
