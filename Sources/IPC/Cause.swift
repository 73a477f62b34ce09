public import SystemPackage

/// Why a step failed. `Engine.text(of:)` describes it in English.
public enum Cause: Error, Hashable, Sendable {
  /// An error of the kernel, errno(3).
  case system(Errno)
  /// An error of the resolver: a code of getaddrinfo(3) such as `EAI_NONAME`.
  case name(CInt)
  /// A text that is not an endpoint.
  case syntax(SyntaxError)
  /// A pipe, a queue or shared memory that can't be used.
  case local(LocalError)

  private static let nameBase: CInt = 10_000

  /// Makes a cause of an error of the C engine, without its sign.
  public init(code: CInt) {
    if let error = SyntaxError(rawValue: code) {
      self = .syntax(error)
    } else if let error = LocalError(rawValue: code) {
      self = .local(error)
    } else if code >= Self.nameBase {
      self = .name(Self.nameBase - code)
    } else {
      self = .system(Errno(rawValue: code))
    }
  }

  /// The error of the C engine, without its sign.
  public var code: CInt {
    switch self {
    case .system(let errno): errno.rawValue
    case .name(let code): Self.nameBase - code
    case .syntax(let error): error.rawValue
    case .local(let error): error.rawValue
    }
  }
}
