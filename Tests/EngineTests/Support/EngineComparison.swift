// The two engines side by side.
internal import CEngine
internal import IPC
internal import SwiftEngine
internal import SystemPackage
internal import Testing

/// All tests of this target, one after the other: they block threads, and two cores have few.
@Suite(.serialized) enum Engines {}

/// An engine by name: what a test's argument and another thread can hold.
enum Which: String, CaseIterable, Codable, Sendable {
  case c, swift

  init(_ engine: any Engine.Type) { self = engine == CEngine.self ? .c : .swift }

  var engine: any Engine.Type {
    switch self {
    case .c: CEngine.self
    case .swift: SwiftEngine.self
    }
  }
}

/// Expects the same of both engines, and returns it.
func both<Value: Equatable>(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: (any Engine.Type) throws -> Value
) -> Result<Value, Failure> {
  let c = outcome { try body(CEngine.self) }
  let swift = outcome { try body(SwiftEngine.self) }
  #expect(c == swift, "c and swift differ", sourceLocation: sourceLocation)
  return swift
}

/// As `both`, where other things than the engine may fail.
func same<Value: Equatable>(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: (Which) throws -> Value
) throws -> Value {
  let (c, swift) = (try body(.c), try body(.swift))
  #expect(c == swift, "c and swift differ", sourceLocation: sourceLocation)
  return swift
}

/// What an engine does. The closure's throws is untyped, because Swift infers no other; an engine throws nothing but
/// failures.
func outcome<Value>(_ body: () throws -> Value) -> Result<Value, Failure> {
  do { return .success(try body()) } catch { return .failure(error as! Failure) }
}

/// What an engine fails with.
func failure(_ body: () throws -> Void) -> Failure? {
  if case .failure(let failure) = outcome(body) { failure } else { nil }
}

/// Expects that an engine fails, and with what.
func expectFailure(
  _ step: Step, _ errno: Errno, at endpoint: Endpoint? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  from body: () throws -> Void
) {
  let failed = failure(body)
  #expect(failed == Failure(step, errno, at: endpoint), sourceLocation: sourceLocation)
}

/// As `==`, for many bytes: of unequal arrays `#expect` would look for all differences, which takes very long.
func expectBytes(_ bytes: [UInt8], _ expected: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
  let isSame = bytes == expected
  let count = isSame ? bytes.count : zip(bytes, expected).prefix { $0 == $1 }.count
  #expect(
    isSame, "\(bytes.count) bytes, not \(expected.count); the first \(count) are the same",
    sourceLocation: sourceLocation)
}

extension Failure {
  /// Without the endpoint.
  var bare: Failure { Failure(step, cause) }
}

extension Array<UInt8> {
  init(_ text: String) { self = Array(text.utf8) }
}

extension Endpoint {
  static let anyIPv4 = Endpoint.tcp(host: "127.0.0.1", port: 0)
  static let anyIPv6 = Endpoint.tcp(host: "::1", port: 0)

  /// Without what no two tests share: a port, and the name of a `Place`.
  var masked: Endpoint {
    switch self {
    case .tcp(let host, let port): .tcp(host: host, port: port == 0 ? 0 : 1)
    case .unix(let path): path.starts(with: "/tmp/diptych-".utf8) ? .unix(path: Array("place")) : self
    case .abstract(let name): name.starts(with: "diptych-".utf8) ? .abstract(name: Array("place")) : self
    case .pipe(let path): path.starts(with: "/tmp/diptych-".utf8) ? .pipe(path: Array("place")) : self
    case .queue(let name): name.starts(with: "/diptych-".utf8) ? .queue(name: Array("/place")) : self
    case .memory(let name): name.starts(with: "/diptych-".utf8) ? .memory(name: Array("/place")) : self
    }
  }

  /// Masked, with a real port.
  var taken: Endpoint {
    if case .tcp(let host, _) = self { .tcp(host: host, port: 1) } else { masked }
  }

  var port: UInt16? {
    if case .tcp(_, let port) = self { port } else { nil }
  }
}
