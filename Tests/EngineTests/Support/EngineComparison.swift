// Runs both engines and compares what they do.
internal import CEngine
internal import IPC
internal import SwiftEngine
internal import SystemPackage
internal import Testing

/// The suite of all engine tests. It runs them one after the other, because each test blocks threads.
@Suite(.serialized) enum Engines {}

/// An engine by name, which test arguments and other threads can hold.
enum EngineName: String, CaseIterable, Codable, Sendable {
  case c, swift

  init(_ engine: any Engine.Type) { self = engine == CEngine.self ? .c : .swift }

  var engine: any Engine.Type {
    switch self {
    case .c: CEngine.self
    case .swift: SwiftEngine.self
    }
  }
}

/// Expects the same result from both engines, whether a value or a failure, and returns it.
func resultFromBoth<Value: Equatable>(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: (any Engine.Type) throws -> Value
) -> Result<Value, Failure> {
  let c = outcome { try body(CEngine.self) }
  let swift = outcome { try body(SwiftEngine.self) }
  #expect(c == swift, "c and swift differ", sourceLocation: sourceLocation)
  return swift
}

/// Expects the same value from both engines, and returns it. The body may throw errors that are not an engine's.
func fromBoth<Value: Equatable>(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: (EngineName) throws -> Value
) throws -> Value {
  let (c, swift) = (try body(.c), try body(.swift))
  #expect(c == swift, "c and swift differ", sourceLocation: sourceLocation)
  return swift
}

/// The value that an engine returns, or the failure that it throws. The closure's `throws` is untyped, because Swift does not
/// infer a typed one; an engine throws only failures.
func outcome<Value>(_ body: () throws -> Value) -> Result<Value, Failure> {
  do { return .success(try body()) } catch { return .failure(error as! Failure) }
}

/// The failure that an engine throws; nil if it throws none.
func failure(_ body: () throws -> Void) -> Failure? {
  if case .failure(let failure) = outcome(body) { failure } else { nil }
}

/// Expects that an engine throws this failure.
func expectFailure(
  _ step: Step, _ errno: Errno, at endpoint: Endpoint? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  from body: () throws -> Void
) {
  let failed = failure(body)
  #expect(failed == Failure(step, errno, at: endpoint), sourceLocation: sourceLocation)
}

/// Expects equal bytes. For unequal arrays `#expect(a == b)` would compute all differences, which takes very long.
func expectBytes(_ bytes: [UInt8], _ expected: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
  let isSame = bytes == expected
  let count = isSame ? bytes.count : zip(bytes, expected).prefix { $0 == $1 }.count
  #expect(
    isSame, "\(bytes.count) bytes, not \(expected.count); the first \(count) are the same",
    sourceLocation: sourceLocation)
}

extension Failure {
  /// The failure without its endpoint.
  var bare: Failure { Failure(step, cause) }
}

extension Array<UInt8> {
  init(_ text: String) { self = Array(text.utf8) }
}
