public import IPC
internal import SystemPackage

/// The Swift engine: a port of `Sources/CIPC`, file by file and function by function.
public enum SwiftEngine: Engine {
  public static let name = "swift"

  /// Converts a result of `System`: throws an error, returns any other result.
  @discardableResult
  static func check(_ step: Step, _ result: Int, at endpoint: Endpoint? = nil) throws(Failure) -> Int {
    if result >= 0 { return result }
    try fail(step, result, at: endpoint)
  }

  /// Not inlined: it is much machine code, and runs rarely.
  @inline(never)
  private static func fail(_ step: Step, _ result: Int, at endpoint: Endpoint?) throws(Failure) -> Never {
    throw Failure(step, Cause(code: CInt(-result)), at: endpoint)
  }

  /// As `check`, but returns nil if the call would block.
  static func ready(_ step: Step, _ result: Int) throws(Failure) -> Int? {
    System.wouldBlock(result) ? nil : try check(step, result)
  }
}

extension Cause {
  /// Converts a result of `System`: throws an error, returns any other result.
  @discardableResult
  static func check(_ result: Int) throws(Cause) -> Int {
    if result >= 0 { return result }
    throw Cause(code: CInt(-result))
  }

  /// As `check`, but returns nil if the call would block.
  static func ready(_ result: Int) throws(Cause) -> Int? {
    System.wouldBlock(result) ? nil : try check(result)
  }
}

extension Descriptor {
  /// Takes over the descriptor that a function of `System` returned, or throws its error.
  init(_ result: Int) throws(Cause) {
    self.init(owning: CInt(try Cause.check(result)))
  }
}
